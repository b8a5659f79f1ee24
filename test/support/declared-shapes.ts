// What a Pulumi SDK's type declarations say about its resources, and what a plugin's schema says, in one form: a flat
// list of lines `<place>: <kind>`, so that the difference between the two is a difference of lists.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Every property of every resource, with its place, such as `Container.args.ports[].ip?: string`. */
export type Shapes = Set<string>;

type Declarations = Map<string, ts.InterfaceDeclaration | ts.ClassDeclaration>;

function declarations(file: string): Declarations {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: Declarations = new Map();
  for (const statement of source.statements) {
    if ((ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name)
      found.set(statement.name.text, statement);
  }
  return found;
}

/** Reads the resources that an SDK declares: the arguments of each, and what it exposes once created. */
export function declaredShapes(sdk: string, resources: readonly string[]): Shapes {
  const lines: Shapes = new Set();
  const types = {
    inputs: existing(join(sdk, "types/input.d.ts")),
    outputs: existing(join(sdk, "types/output.d.ts")),
  };
  for (const resource of resources) {
    const file = declarations(join(sdk, `${resource[0]?.toLowerCase()}${resource.slice(1)}.d.ts`));
    describeMembers(file.get(`${resource}Args`), `${resource}.args`, types, lines);
    describeMembers(file.get(resource), `${resource}.state`, types, lines);
  }
  return lines;
}

function existing(file: string): Declarations {
  try {
    return declarations(file);
  } catch {
    return new Map();
  }
}

type Types = { inputs: Declarations; outputs: Declarations };

function describeMembers(
  owner: ts.InterfaceDeclaration | ts.ClassDeclaration | undefined,
  place: string,
  types: Types,
  lines: Shapes,
): void {
  for (const member of owner?.members ?? []) {
    const isProperty = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member);
    if (!isProperty || !member.type || member.getText().startsWith("static ")) continue;
    // Whether an output may be undefined is the bridge's to say; only what must be given is a contract.
    const optional = member.questionToken && place.includes(".args") ? "?" : "";
    describeType(member.type, `${place}.${member.name.getText()}${optional}`, types, lines);
  }
}

function describeType(node: ts.TypeNode, place: string, types: Types, lines: Shapes): void {
  if (ts.isUnionTypeNode(node)) {
    const given = node.types.filter((one) => one.kind !== ts.SyntaxKind.UndefinedKeyword);
    if (given.length === 1 && given[0]) return describeType(given[0], place, types, lines);
  }
  if (ts.isArrayTypeNode(node)) return describeType(node.elementType, `${place}[]`, types, lines);
  if (ts.isTypeLiteralNode(node)) {
    const [index] = node.members;
    if (index && ts.isIndexSignatureDeclaration(index)) return describeType(index.type, `${place}{}`, types, lines);
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    const [argument] = node.typeArguments ?? [];
    if ((name === "pulumi.Input" || name === "pulumi.Output") && argument)
      return describeType(argument, place, types, lines);
    const [space, type] = name.split(".") as [keyof Types, string];
    const nested = types[space]?.get(type);
    if (nested) return describeMembers(nested, place, types, lines);
  }
  lines.add(`${place}: ${node.getText()}`);
}

/** The parts of a package schema that are compared. */
export interface PackageSchema {
  resources: Record<string, { inputProperties?: Properties; requiredInputs?: string[]; properties?: Properties }>;
  types?: Record<string, { properties?: Properties; required?: string[] }>;
}
type Properties = Record<string, Property>;
interface Property {
  type?: string;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
}

/** The same lines, from the schema that a plugin gives. */
export function schemaShapes(schema: PackageSchema): Shapes {
  const lines: Shapes = new Set();
  const describe = (property: Property, place: string): void => {
    if (property.items) return describe(property.items, `${place}[]`);
    if (property.additionalProperties) return describe(property.additionalProperties, `${place}{}`);
    const nested = schema.types?.[property.$ref?.replace("#/types/", "") ?? ""];
    if (nested) return members(nested.properties, nested.required, place);
    lines.add(`${place}: ${property.type === "integer" ? "number" : property.type}`);
  };
  const members = (properties: Properties = {}, required: string[] = [], place: string): void => {
    for (const [name, property] of Object.entries(properties)) {
      const optional = place.includes(".args") && !required.includes(name) ? "?" : "";
      describe(property, `${place}.${name}${optional}`);
    }
  };
  for (const [token, resource] of Object.entries(schema.resources)) {
    const name = token.slice(token.lastIndexOf(":") + 1);
    members(resource.inputProperties, resource.requiredInputs, `${name}.args`);
    members(resource.properties, [], `${name}.state`);
  }
  return lines;
}
