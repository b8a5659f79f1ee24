// dockerode loads an SSH client and gRPC with itself, for engines at ssh:// (this stack has a tunnel of its own) and for
// BuildKit. That is two thirds of the time that it takes to load. Run before dockerode is loaded.
import { postpone } from "./postponed.ts";

postpone("dockerode", { "./session": [] });
postpone("docker-modem", { "./ssh": [] });
