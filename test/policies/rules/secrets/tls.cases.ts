import { changed, type RuleCases, unknown } from "../case.ts";

const env = (...envs: unknown[]) => changed("redis", { envs });
const command = (...words: unknown[]) => changed("redis", { command: words });

export const tlsCases: RuleCases[] = [
  {
    rule: "tls-verified",
    breaks: {
      Node: {
        stack: env("NODE_TLS_REJECT_UNAUTHORIZED=0"),
        on: "app_redis",
        says: ["NODE_TLS_REJECT_UNAUTHORIZED", "CA"],
      },
      Python: { stack: env("PYTHONHTTPSVERIFY=0"), on: "app_redis", says: ["PYTHONHTTPSVERIFY"] },
      git: { stack: env("GIT_SSL_NO_VERIFY=true"), on: "app_redis", says: ["GIT_SSL_NO_VERIFY"] },
      npm: { stack: env("npm_config_strict_ssl=false"), on: "app_redis", says: ["npm_config_strict_ssl"] },
      "a program's own": { stack: env("MYAPP_TLS_SKIP_VERIFY=true"), on: "app_redis", says: ["MYAPP_TLS_SKIP_VERIFY"] },
      "said the other way round": { stack: env("DB_SSL_VERIFY=false"), on: "app_redis", says: ["DB_SSL_VERIFY"] },
      "an option": {
        stack: command("tool", "--insecure-skip-verify"),
        on: "app_redis",
        says: ["--insecure-skip-verify"],
      },
    },
    passes: {
      "left on": { stack: env("NODE_TLS_REJECT_UNAUTHORIZED=1", "DB_SSL_VERIFY=true", "GIT_SSL_NO_VERIFY=false") },
      "an option that says no": { stack: command("tool", "--tls-skip-verify=false") },
    },
    absent: { stack: changed("redis", { envs: undefined }), verdict: "pass" },
    unknown: { stack: env(unknown), path: "envs[0]" },
  },
];
