import { useMemo } from "react";
import { useLocation } from "wouter";
import { mine } from "../../data/contacts";
import { peopleByState, type PeopleState } from "../../data/indicators";
import type { Presence } from "../../data/presences";
import { useKnown } from "../../data/store";
import { Countdown, Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { Diversions } from "../switchboard/Diversions";
import { DutyNotices, DutyNow } from "../shifts/DutyNow";
import { Tile } from "./Tile";
import classes from "./Wallboard.module.css";

export function People() {
  const t = useWords("wallboard");
  const presences = useKnown((known) => known.presences);
  const groups = useMemo(() => peopleByState(presences), [presences]);
  const there = groups.filter((group) => group.state !== "offline");
  const on_duty = there.reduce((sum, group) => sum + group.people.length, 0);
  return (
    <Tile area="people" title={t("people")} aside={<b className={classes["count"]}>{on_duty}</b>}>
      <ul className={classes["states"]}>
        {groups.map((group) => (
          <li key={group.state} data-state={group.state} data-some={group.people.length > 0 || undefined} data-testid={`people-${group.state}`}>
            <span className={classes["figure_small"]}>{group.people.length}</span>
            <span>{t(`state_${group.state}`)}</span>
          </li>
        ))}
      </ul>
      <Diversions quiet />
      <DutyNow />
      <DutyNotices quiet days={2} />
      {on_duty === 0 ? <p className={classes["calm"]}>{t("nobody_on_duty")}</p> : null}
      <ul className={classes["people"]}>
        {there.flatMap((group) => group.people.map((person) => <Person key={person.id} person={person} state={group.state} />))}
      </ul>
    </Tile>
  );
}

/** Who, doing what, for how long; a click leads to what they hold. */
function Person({ person, state }: { person: Presence; state: PeopleState }) {
  const t = useWords("wallboard");
  const shell = useWords("shell");
  const [, go] = useLocation();
  const contacts = useKnown((known) => known.contacts);
  const held = mine(contacts, person.id)[0];
  const load = shell("load", { chats: person.chats, chat_capacity: person.chat_capacity, calls: person.calls, call_capacity: person.call_capacity });
  return (
    <li>
      <button type="button" disabled={!held} onClick={() => held && go(`/contacts/${held.id}`)} title={load} data-testid="wallboard-person">
        <b>{person.name}</b>
        <span>{state === "busy" ? load : t(`state_${state}`)}</span>
        {person.until ? <Countdown until={person.until} /> : <Timer since={person.since} />}
      </button>
    </li>
  );
}
