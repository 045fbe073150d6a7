export { givenToRetrieval, givenToTool } from "./activity-recorder.ts";
export { ActivityTracker, type ActivityTrackerOptions } from "./activity-tracker.ts";
export { Alerts, type AlertsOptions } from "./alerts.ts";
export {
  type Approval,
  approvalIdOf,
  Approvals,
  type ApprovalsOptions,
  unobservedApproval,
} from "./approvals.ts";
export { carryInto } from "./carry-into.ts";
export {
  describeAgent,
  describeRetrieval,
  describeTool,
  describeWorkflow,
} from "./describe-activity.ts";
export type { AgentSpec, ApprovalSpec, RetrievalSpec, ToolSpec } from "./specs.ts";
