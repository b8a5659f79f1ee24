import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { Images } from "../../../components/engine/remote-images.ts";
import { imageOf } from "../../../components/image-source.ts";
import { run } from "../../support/program.ts";

describe("images", () => {
  it("are registered once, however many use them", async () => {
    const { all, result } = await run(() => {
      const images = new Images("images", parseConfig({}));
      return [images.get("redis"), images.get("redis"), images.get("busybox")].map(({ ref }) => ref);
    });
    expect(all.filter(({ kind }) => kind === "RemoteImage").map(({ name }) => name)).toEqual(["redis", "busybox"]);
    expect(result).toEqual([imageOf("redis").hub, imageOf("redis").hub, imageOf("busybox").hub]);
  });
});
