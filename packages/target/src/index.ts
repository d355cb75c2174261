export type { TargetCapabilities } from "./capabilities.ts";
export { chainPlace, type ChainPlace } from "./chain/chain-place.ts";
export { chainRefusal } from "./chain/chain-refusal.ts";
export {
  chainVerdict,
  type ChainProblem,
  type ChainVerdict,
  type KnownChain,
  type KnownLink,
} from "./chain/chain-verdict.ts";
export { chainFault, type ChainFaults } from "./chain-faults.ts";
