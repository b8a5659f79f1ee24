// What is said of one service.

/** One service, as `status --json` prints it. */
export interface ServiceStatus {
  /** Its name in the configuration. */
  service: string;
  /** The container's name. */
  container: string;
  /**
   * Docker's own word (`running`, `restarting`, `exited` ...), `absent` without a container, `off` by configuration; of what runs
   * to its end `done`, `not done`, or `unknown` where the state is not in this clone.
   */
  state: string;
  /** What the service itself answers now; `-` when it does not run. */
  health: "healthy" | "unhealthy" | "-";
  /** `127.0.0.1:8000`; empty when nothing is published. */
  addresses: string[];
  /** The reference that the container was made from, its digest cut to 12 digits; `-` without a container. */
  image: string;
  /** `real`, `stand-in`, or `-` without a container or its image. */
  kind: "real" | "stand-in" | "-";
  /** When it came to its end, with exit code 0, as RFC 3339; only of what runs to its end. */
  ended?: string;
  /** On and healthy, or off and not there, or done. */
  ok: boolean;
  /** Why it is not well, as the engine and the service say it; absent when it is, or when nobody says. */
  reason?: string;
  /** What is to be seen to although it answers. */
  warnings: string[];
}

/** A reference as people read it: its digest cut to 12 digits. */
export const shortReference = (image: string) => image.replace(/@sha256:([0-9a-f]{12}).*/, "@$1");
