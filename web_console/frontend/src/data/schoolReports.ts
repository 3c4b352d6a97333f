import type { AlertState } from "./alerts";
import type { Level } from "./levels";
import type { Named } from "./people";

export interface SchoolReport {
  id: string;
  number: string;
  state: "submitted" | "received" | "being_handled" | "closed";
  level_color: "red" | "orange" | "yellow" | "blue";
  level: Level;
  contact_id: string | null;
  school: string;
  reporter: string | null;
  facts: Record<string, unknown>;
  handled_by: Named | null;
  alert_state: AlertState | null;
  asked_of_school: { code: string; zh: string; en: string; by: string | null }[];
  due_at: string | null;
  steps: { at: string; kind: string; note: string | null; actor: Named | null }[];
  created_at: string;
  version: number;
}
