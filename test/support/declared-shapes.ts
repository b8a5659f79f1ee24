// What a Pulumi SDK's type declarations say about its resources, and what a plugin's schema says, in one form: lines such
// as `Container.args.ports[].ip?: string`, so that the difference between the two is a difference of sets.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

type Declarations = Map<string, ts.InterfaceDeclaration | ts.ClassDeclaration>;

function declarations(file: string): Declarations {
  const found: Declarations = new Map();
  if (!existsSync(file)) return found;
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    if ((ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name)
      found.set(statement.name.text, statement);
  }
  return found;
}

/** Reads the resources that an SDK declares: the arguments of each, and what it exposes once created. */
export function declaredShapes(sdk: string, resources: readonly string[]): Set<string> {
  const spaces: Record<string, Declarations> = {
    inputs: declarations(join(sdk, "types/input.d.ts")),
    outputs: declarations(join(sdk, "types/output.d.ts")),
  };

  function* members(
    owner: ts.InterfaceDeclaration | ts.ClassDeclaration | undefined,
    place: string,
  ): Generator<string> {
    for (const member of owner?.members ?? []) {
      if (!(ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) || !member.type) continue;
      yield* shape(member.type, property(place, member.name.getText(), member.questionToken === undefined));
    }
  }

  function* shape(node: ts.TypeNode, place: string): Generator<string> {
    const inner = wrapped(node);
    const [space = "", type = ""] = ts.isTypeReferenceNode(node) ? node.typeName.getText().split(".") : [];
    const nested = spaces[space]?.get(type);
    if (inner) yield* shape(inner, place);
    else if (ts.isArrayTypeNode(node)) yield* shape(node.elementType, `${place}[]`);
    else if (ts.isTypeLiteralNode(node) && node.members[0] && ts.isIndexSignatureDeclaration(node.members[0]))
      yield* shape(node.members[0].type, `${place}{}`);
    else if (nested) yield* members(nested, place);
    else yield `${place}: ${node.getText()}`;
  }

  return new Set(
    resources.flatMap((resource) => {
      const file = declarations(join(sdk, `${resource.slice(0, 1).toLowerCase()}${resource.slice(1)}.d.ts`));
      return [
        ...members(file.get(`${resource}Args`), `${resource}.args`),
        ...members(file.get(resource), `${resource}.state`),
      ];
    }),
  );
}

/** What is inside `T | undefined`, `pulumi.Input<T>` and `pulumi.Output<T>`. */
function wrapped(node: ts.TypeNode): ts.TypeNode | undefined {
  if (ts.isTypeReferenceNode(node) && /^pulumi\.(Input|Output)$/.test(node.typeName.getText()))
    return node.typeArguments?.[0];
  const given = ts.isUnionTypeNode(node)
    ? node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
    : [];
  return given.length === 1 ? given[0] : undefined;
}

/** Whether an argument must be given is part of the contract; whether an output may be undefined is not. */
const property = (place: string, name: string, required: boolean) =>
  `${place}.${name}${required || !place.includes(".args") ? "" : "?"}`;

type Properties = Record<string, Property>;
interface Property {
  type?: string;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
}

/** The parts of a package schema that are compared. */
export interface PackageSchema {
  resources: Record<string, { inputProperties?: Properties; requiredInputs?: string[]; properties?: Properties }>;
  types?: Record<string, { properties?: Properties; required?: string[] }>;
}

/** The same lines, from the schema that a plugin gives. */
export function schemaShapes({ resources, types = {} }: PackageSchema): Set<string> {
  function* members(properties: Properties = {}, required: string[] = [], place = ""): Generator<string> {
    for (const [name, value] of Object.entries(properties))
      yield* shape(value, property(place, name, required.includes(name)));
  }

  function* shape(value: Property, place: string): Generator<string> {
    const nested = types[value.$ref?.replace("#/types/", "") ?? ""];
    if (value.items) yield* shape(value.items, `${place}[]`);
    else if (value.additionalProperties) yield* shape(value.additionalProperties, `${place}{}`);
    else if (nested) yield* members(nested.properties, nested.required, place);
    else yield `${place}: ${value.type === "integer" ? "number" : value.type}`;
  }

  return new Set(
    Object.entries(resources).flatMap(([token, { inputProperties, requiredInputs, properties }]) => {
      const name = token.slice(token.lastIndexOf(":") + 1);
      return [...members(inputProperties, requiredInputs, `${name}.args`), ...members(properties, [], `${name}.state`)];
    }),
  );
}
