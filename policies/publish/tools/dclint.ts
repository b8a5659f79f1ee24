// dclint's rules, all of them for compose files. Source: dclint 3.1, docs/rules.md.
import type { Tool } from "./tool.ts";

const order = "style: the order of keys changes nothing that runs";
const quotes = "style: Compose's own loader, which reads the file here, reads both alike";

export const dclint: Tool = {
  name: "dclint",
  key: "dclint",
  what: "dclint's 15 rules",
  one: "rule",
  rules: [
    { id: "no-duplicate-container-names" },
    {
      id: "no-duplicate-exported-ports",
      missed: "one port on two addresses, or in two profiles that are never on together: these do not clash",
    },
    { id: "no-unbound-port-interfaces", cis: ["5.14"] },
    { id: "service-image-require-explicit-tag" },
    {
      id: "service-container-name-regex",
      notOurs: "the engine says so itself when it makes the container",
    },
    { id: "no-build-and-image", notOurs: "Compose defines it: the image that is built gets that name" },
    { id: "no-version-field", notOurs: "style: Compose ignores the field" },
    { id: "require-project-name-field", notOurs: "style: Compose names the project after its folder" },
    { id: "require-quotes-in-ports", notOurs: quotes },
    { id: "no-quotes-in-volumes", notOurs: quotes },
    { id: "service-dependencies-alphabetical-order", notOurs: order },
    { id: "service-keys-order", notOurs: order },
    { id: "service-ports-alphabetical-order", notOurs: order },
    { id: "services-alphabetical-order", notOurs: order },
    { id: "top-level-properties-order", notOurs: order },
  ],
};
