import type { Level } from "./levels";
import type { Named } from "./people";
import type { Table } from "./table";

/** Our own call back: agreed with the person (follow_up), owed after an abandoned call (call_back), or a look that a supervisor
 * has to take (review). */
export interface Followup {
  id: string;
  contact_id: string;
  kind: "follow_up" | "call_back" | "review";
  state: "open" | "taken" | "done" | "cancelled";
  due_at: string;
  overdue: boolean;
  level: Level;
  owner: Named | null;
  attempts: { at: string; by: Named | null; outcome: "reached" | "no_answer" | "refused" }[];
  note: string | null;
  nickname: string | null;
  number_masked: string | null;
  version: number;
}

/** Still to do, what is due first on top. */
export function openFollowups(followups: Table<Followup>): Followup[] {
  return Object.values(followups)
    .filter((followup) => followup.state === "open" || followup.state === "taken")
    .sort((a, b) => a.due_at.localeCompare(b.due_at));
}
