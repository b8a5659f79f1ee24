// Applications with a user interface, and what web sites are built with.
import type { ProductInput } from "../../settings.ts";
import { mustSet, no, usage, yes } from "./demands.ts";

export const applications: ProductInput[] = [
  {
    id: "mkdocs-material",
    title: "Material for MkDocs",
    images: ["mkdocs-material"],
    deny: [
      {
        what: "reports every reader to Google",
        anyOf: [{ file: "^\\s*provider:\\s*google\\b" }],
        write: "remove extra.analytics from mkdocs.yml",
      },
    ],
    source: "https://squidfunk.github.io/mkdocs-material/setup/setting-up-site-analytics/",
  },
  {
    id: "scarf",
    title: "Scarf (Unstructured, Superset and others)",
    images: ["unstructured*", "superset"],
    require: [
      mustSet("SCARF_ANALYTICS", no, usage, [
        { env: "SCARF_NO_ANALYTICS", values: yes },
        { env: "DO_NOT_TRACK", values: yes },
      ]),
    ],
    source: "https://docs.scarf.sh/package-analytics/",
  },
  {
    id: "n8n",
    title: "n8n",
    images: ["n8n"],
    require: [
      mustSet("N8N_DIAGNOSTICS_ENABLED", no, usage),
      mustSet("N8N_VERSION_NOTIFICATIONS_ENABLED", no, "asks api.n8n.io for new versions"),
      mustSet("N8N_TEMPLATES_ENABLED", no, "fetches templates from api.n8n.io"),
    ],
    source: "https://docs.n8n.io/hosting/configuration/configuration-examples/isolation/",
  },
  {
    id: "nextjs",
    title: "Next.js",
    images: ["*nextjs*"],
    require: [mustSet("NEXT_TELEMETRY_DISABLED", yes, usage)],
    source: "https://nextjs.org/telemetry",
  },
  {
    id: "gatsby",
    title: "Gatsby",
    images: ["*gatsby*"],
    require: [mustSet("GATSBY_TELEMETRY_DISABLED", yes, usage)],
    source: "https://www.gatsbyjs.com/docs/telemetry/",
  },
  {
    id: "metabase",
    title: "Metabase",
    images: ["metabase"],
    require: [
      mustSet("MB_ANON_TRACKING_ENABLED", no, usage),
      mustSet("MB_CHECK_FOR_UPDATES", no, "asks for new versions"),
    ],
    source: "https://www.metabase.com/docs/latest/configuring-metabase/environment-variables",
  },
  {
    id: "directus",
    title: "Directus",
    images: ["directus"],
    require: [mustSet("TELEMETRY", no, usage)],
    source: "https://directus.io/docs/configuration/telemetry",
  },
  {
    id: "strapi",
    title: "Strapi",
    images: ["strapi"],
    require: [mustSet("STRAPI_TELEMETRY_DISABLED", yes, usage)],
    source: "https://docs.strapi.io/cms/usage-information",
  },
  {
    id: "mattermost",
    title: "Mattermost",
    images: ["mattermost-team-edition", "mattermost-enterprise-edition"],
    require: [mustSet("MM_LOGSETTINGS_ENABLEDIAGNOSTICS", no, usage)],
    source: "https://docs.mattermost.com/manage/telemetry.html",
  },
  {
    id: "appsmith",
    title: "Appsmith",
    images: ["appsmith-ce", "appsmith-ee"],
    require: [mustSet("APPSMITH_DISABLE_TELEMETRY", yes, usage)],
    source: "https://docs.appsmith.com/product/telemetry",
  },
  {
    id: "umami",
    title: "Umami",
    images: ["umami"],
    require: [mustSet("DISABLE_TELEMETRY", yes, usage)],
    source: "https://umami.is/docs/environment-variables",
  },
];
