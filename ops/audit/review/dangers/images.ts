// What runs after a change: tags and digests of images.
import { parseImage } from "../../../../policies/facts/image-reference.ts";
import type { ContainerFacts } from "../../../../policies/facts/model.ts";
import { isKnown } from "../../../../policies/facts/unknown.ts";
import { type Danger, inWords } from "./danger.ts";

/** Another image, tag or digest: both references in full, and what is not seen at once in them. */
export function imageDangers(old: ContainerFacts, next: ContainerFacts): Danger[] {
  if (old.image === next.image) return [];
  const [from, to] = [partsOf(old), partsOf(next)];
  const sameName = from?.path === to?.path && from?.registry === to?.registry;
  const hint =
    to?.digest === undefined
      ? " (without a digest: whatever the tag points to on the day)"
      : from && sameName && from.tag === to.tag
        ? " (the same tag, another digest)"
        : from?.digest === to.digest
          ? " (another name, the same digest)"
          : "";
  return [
    {
      rank: 3,
      about: next.label,
      text: ["Image of", ` changes from ${inWords(old.image)} to ${inWords(next.image)}${hint}.`],
    },
  ];
}

const partsOf = ({ image }: ContainerFacts) => (isKnown(image) ? parseImage(image) : undefined);
