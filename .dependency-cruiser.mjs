// Which part of the house may know which: `npm run lint:arrows`. docs/architecture.md has the picture.

/** Files of `from` import nothing of ours but files of `to`. Types count: they are knowledge, too. */
const only = (name, comment, from, to) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: "^(index\\.ts|lib|components|policies|ops|airgap|test)(/|$)", pathNot: to },
});

/** A folder of one service. */
const service = "^components/(?!config/|definition/|engine/)([a-z]+)/";

export default {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "nothing-lost",
      comment: "a module that nothing imports",
      severity: "error",
      from: { orphan: true, path: "^(lib|components|policies|ops|airgap)/.*\\.ts$", pathNot: "^policies/index\\.ts$" },
      to: {},
    },
    only("lib", "what everybody needs imports nothing of ours", "^lib/", "^lib/"),
    only("policies", "the rules know neither the stack nor the command", "^policies/", "^(policies|lib)/"),
    only("airgap", "what a machine without the internet needs stands alone", "^airgap/", "^(airgap|lib)/"),
    only(
      "components",
      "the stack knows the policies' plain core, and of airgap/ only what its images are called",
      "^components/",
      "^(components|lib)/|^policies/(?!adapters/)|^airgap/images/names\\.ts$",
    ),
    only("ops", "the command knows everything but tests", "^ops/", "^(ops|components|policies|airgap|lib)/"),
    only(
      "definitions",
      "a service's folder is plain data: it knows what a definition is, and other services by name",
      service,
      `${service}|^components/definition/|^components/config/keys/|^lib/`,
    ),
    {
      name: "definitions-are-pure",
      comment: "no Pulumi and no engine in a definition",
      severity: "error",
      from: { path: `${service}|^components/(definition|config)/` },
      to: { path: "node_modules/(@pulumi|dockerode)/" },
    },
    {
      name: "rules-are-pure",
      comment: "only the adapters and the pack's entry know Pulumi",
      severity: "error",
      from: { path: "^policies/", pathNot: "^policies/(adapters/|index\\.ts|publish/)" },
      to: { path: "node_modules/@pulumi/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(test|policies/dist)/" },
    tsPreCompilationDeps: true,
    detectJSDocImports: false,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs"], exportsFields: ["exports"] },
  },
};
