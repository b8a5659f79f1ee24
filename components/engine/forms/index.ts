// What is written differently for one engine than for another: containers and images. Every other room writes them as Docker
// wants them, and asks here. (Networks: networks.ts. What reaches outside: hardening.ts.)
import type { EngineTraits } from "../../../lib/engine/traits.ts";
import type { PlainContainer } from "../api/create-options.ts";
import { podmanContainer, podmanImage, podmanTask } from "./podman.ts";

interface Forms {
  /** A container that the provider makes, so that it reads back as it stands. */
  container<T extends PlainContainer>(container: T, engine: EngineTraits): T;
  /** A container that the program makes itself: nobody reads it back. */
  task<T extends PlainContainer>(container: T): T;
  /** Reference of an image. */
  image(reference: string): string;
}

const forms: Record<EngineTraits["kind"], Forms> = {
  docker: {
    // Docker without the memory controller reads back 0, and would be told the limit again and again.
    container: (container, { limits }) => ({ ...container, ...(!limits.memory && { memory: 0, memorySwap: 0 }) }),
    task: (container) => container,
    image: (reference) => reference,
  },
  podman: { container: podmanContainer, task: podmanTask, image: podmanImage },
};

/** The forms of an engine. */
export const formsOf = ({ kind }: EngineTraits): Forms => forms[kind];
