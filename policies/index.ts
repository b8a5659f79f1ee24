// Entry point of the policy pack: `pulumi preview --policy-pack policies`.
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./adapters/pack/policies.ts";

new PolicyPack("xnai", { policies: policies(), enforcementLevel: "mandatory" });
