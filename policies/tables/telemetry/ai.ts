// What runs, serves or traces models, and what is built on them.
import type { ProductInput } from "../../settings.ts";
import { mustNotSet, mustSet, no, usage, yes } from "./demands.ts";

export const aiProducts: ProductInput[] = [
  {
    id: "chainlit",
    title: "Chainlit",
    images: ["*chainlit*"],
    require: [
      mustSet(
        "OTEL_SDK_DISABLED",
        yes,
        "sends traces to api.uptrace.dev up to 2.0 (CHAINLIT_NO_TELEMETRY is read by no version)",
        [{ file: "^\\s*enable_telemetry\\s*=\\s*false\\b" }],
      ),
    ],
    source: "https://github.com/Chainlit/chainlit (chainlit/telemetry.py of 1.x and 2.0)",
  },
  {
    id: "crawl4ai",
    title: "Crawl4AI",
    images: ["*crawl4ai*"],
    require: [
      mustSet("CRAWL4AI_TELEMETRY", ["0"], "sends crashes to the vendor in versions that have its telemetry module"),
    ],
    source: "https://github.com/unclecode/crawl4ai (crawl4ai/telemetry)",
  },
  {
    id: "huggingface",
    title: "Hugging Face (hub, text-generation-inference, text-embeddings-inference)",
    images: ["text-generation-inference", "text-embeddings-inference", "*huggingface*", "*transformers*"],
    require: [
      mustSet("HF_HUB_DISABLE_TELEMETRY", yes, "reports libraries and models used", [
        { env: "DO_NOT_TRACK", values: yes },
        { env: "HF_HUB_OFFLINE", values: yes },
      ]),
    ],
    source: "https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables",
  },
  {
    id: "gradio",
    title: "Gradio",
    images: ["*gradio*"],
    require: [mustSet("GRADIO_ANALYTICS_ENABLED", no, usage)],
    source: "https://www.gradio.app/guides/environment-variables",
  },
  {
    id: "streamlit",
    title: "Streamlit",
    images: ["*streamlit*"],
    require: [
      mustSet("STREAMLIT_BROWSER_GATHER_USAGE_STATS", no, usage, [
        { flag: "--browser.gatherUsageStats=false" },
        { file: "^\\s*gatherUsageStats\\s*=\\s*false" },
      ]),
    ],
    source: "https://docs.streamlit.io/develop/api-reference/configuration/config.toml",
  },
  {
    id: "open-webui",
    title: "Open WebUI",
    images: ["open-webui"],
    deny: [mustNotSet(["ANONYMIZED_TELEMETRY"], usage)],
    source: "https://docs.openwebui.com/reference/env-configuration/",
  },
  {
    id: "vllm",
    title: "vLLM",
    images: ["vllm-openai", "vllm"],
    require: [
      mustSet("VLLM_NO_USAGE_STATS", yes, usage, [
        { env: "DO_NOT_TRACK", values: yes },
        { env: "VLLM_DO_NOT_TRACK", values: yes },
      ]),
    ],
    source: "https://docs.vllm.ai/en/latest/usage/usage_stats/",
  },
  {
    id: "ollama",
    title: "Ollama",
    images: ["ollama"],
    source: "https://github.com/ollama/ollama/blob/main/docs/faq.md",
  },
  {
    id: "mlflow",
    title: "MLflow",
    images: ["mlflow"],
    require: [mustSet("MLFLOW_DISABLE_TELEMETRY", yes, usage, [{ env: "DO_NOT_TRACK", values: yes }])],
    source: "https://mlflow.org/docs/latest/community/usage-tracking/",
  },
  {
    id: "langfuse",
    title: "Langfuse",
    images: ["langfuse", "langfuse-worker"],
    require: [mustSet("TELEMETRY_ENABLED", no, usage)],
    source: "https://langfuse.com/self-hosting/security/telemetry",
  },
  {
    id: "flowise",
    title: "Flowise",
    images: ["flowise"],
    require: [mustSet("DISABLE_FLOWISE_TELEMETRY", yes, usage)],
    source: "https://docs.flowiseai.com/configuration/environment-variables",
  },
  {
    id: "anythingllm",
    title: "AnythingLLM",
    images: ["anythingllm"],
    require: [mustSet("DISABLE_TELEMETRY", yes, usage)],
    source: "https://github.com/Mintplex-Labs/anything-llm#telemetry--privacy",
  },
];
