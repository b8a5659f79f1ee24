// The least that a program in Node can do with an engine: what `xnai status` is measured against.
import Docker from "dockerode";

await new Docker().version();
