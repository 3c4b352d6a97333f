import type { Schemas } from "../wire/schema";
import type { Table } from "./table";

/** Our own call back: agreed with the person (follow_up), owed after an abandoned call (call_back), or a look that a supervisor
 * has to take (review). */
export type Followup = Schemas["FollowupView"];

/** Still to do, what is due first on top. */
export function openFollowups(followups: Table<Followup>): Followup[] {
  return Object.values(followups)
    .filter((followup) => followup.state === "open" || followup.state === "taken")
    .sort((a, b) => a.due_at.localeCompare(b.due_at));
}
