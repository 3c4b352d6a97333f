import type { Named } from "./people";

export type ReferralStage =
  | "draft"
  | "submitted"
  | "verifying"
  | "returned"
  | "not_registered"
  | "registered"
  | "referred"
  | "accepted"
  | "declined"
  | "assessing"
  | "unsuitable"
  | "agreement"
  | "in_service"
  | "stage_evaluation"
  | "suspended"
  | "closed"
  | "follow_up"
  | "archived"
  | "withdrawn";

/** Handing somebody over into community rehabilitation, with their consent. */
export interface Referral {
  id: string;
  number: string;
  contact_id: string | null;
  stage: ReferralStage;
  version: number;
  channel: "self" | "medical" | "other";
  person: { name_masked: string; [field: string]: unknown };
  needs: string[];
  district: string | null;
  consent: { given: boolean; at: string | null; by: string | null; how: string | null; scope: string[]; receivers: string[] };
  institution: Named | null;
  /** A date (working days are the server's business), without a time. */
  due_on: string | null;
  overdue: boolean;
  next_moves: { move: string; needs: string[] }[];
  history: { at: string; actor: Named | null; move: string; from: string | null; to: string; note: string | null }[];
  decline_reason: string | null;
  closure_code: string | null;
  note: string | null;
  risk_note: string | null;
}
