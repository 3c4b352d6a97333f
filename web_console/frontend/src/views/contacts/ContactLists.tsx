import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useMemo, useRef } from "react";
import { Link, useLocation } from "wouter";
import { takeContact } from "../../data/contactCommands";
import { type Contact, mine, queueOf } from "../../data/contacts";
import { openFollowups } from "../../data/followups";
import { hasRole, useUser } from "../../data/session";
import { useSkillName } from "../../data/skills";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { NextStep } from "../../ui/NextStep";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { joined, supervises } from "./access";
import classes from "./ContactLists.module.css";
import { useContactName } from "./naming";

/** My contacts stay where they are (Alt-1 … Alt-9); the queue below is the worst first. */
export function ContactLists({ chosen }: { chosen: string | undefined }) {
  const t = useWords("desk");
  const user = useUser();
  const contacts = useKnown((known) => known.contacts);
  const own = useMemo(() => mine(contacts, user.id), [contacts, user.id]);
  const others = useMemo(() => served(contacts, user.id), [contacts, user.id]);
  return (
    <nav className={classes["lists"]} aria-label={t("my_contacts")}>
      <h2 className={classes["heading"]}>{t("my_contacts")}</h2>
      {own.length === 0 ? <p className={classes["none"]}>{t("my_contacts_none")}</p> : null}
      <ul className={classes["list"]} data-testid="my-contacts">
        {own.map((contact, index) => (
          <Mine key={contact.id} contact={contact} chosen={contact.id === chosen} digit={index + 1} />
        ))}
      </ul>
      {supervises(user) && others.length > 0 ? (
        <>
          <h2 className={classes["heading"]}>{t("others")}</h2>
          <ul className={classes["list"]} data-testid="others-contacts">
            {others.map((contact) => (
              <Mine key={contact.id} contact={contact} chosen={contact.id === chosen} />
            ))}
          </ul>
        </>
      ) : (
        <Joined contacts={contacts} chosen={chosen} />
      )}
      <Queue chosen={chosen} />
      <FollowupsDue />
    </nav>
  );
}

const served = (contacts: Readonly<Record<string, Contact>>, userId: string): Contact[] =>
  Object.values(contacts)
    .filter((contact) => (contact.state === "active" || contact.state === "wrap_up") && contact.counselor?.id !== userId)
    .sort((a, b) => (a.answered_at ?? a.opened_at).localeCompare(b.answered_at ?? b.opened_at));

/** Conversations of others that this counselor was asked into. */
function Joined({ contacts, chosen }: { contacts: Readonly<Record<string, Contact>>; chosen: string | undefined }) {
  const t = useWords("desk");
  const user = useUser();
  const asked = useMemo(() => served(contacts, user.id).filter((contact) => joined(user, contact)), [contacts, user]);
  if (asked.length === 0) return null;
  return (
    <>
      <h2 className={classes["heading"]}>{t("others")}</h2>
      <ul className={classes["list"]}>
        {asked.map((contact) => (
          <Mine key={contact.id} contact={contact} chosen={contact.id === chosen} />
        ))}
      </ul>
    </>
  );
}

/** Rows render only when their own contact changed: others change many times a second. */
const Mine = memo(function Mine({ contact, chosen, digit }: { contact: Contact; chosen: boolean; digit?: number }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const name = useContactName()(contact);
  const unread = Math.max(0, contact.last_seq - contact.read_by_staff_seq);
  return (
    <li>
      <Link href={`/contacts/${contact.id}`} className={classes["mine"]} aria-current={chosen ? "true" : undefined} data-testid="contact-row" data-contact={contact.id}>
        <span className={classes["who"]}>
          <Icon name={contact.channel} size={16} label={words(`channel_${contact.channel}`)} />
          <b>{name}</b>
          {unread > 0 && !chosen ? (
            <span className={classes["unread"]} aria-label={t("unread", { n: unread })}>
              {unread}
            </span>
          ) : null}
          {digit !== undefined && digit <= 9 ? <kbd className={classes["digit"]}>Alt+{digit}</kbd> : null}
        </span>
        <span className={classes["facts"]}>
          <LevelChip level={contact.level} act={contact.act_in_progress} />
          <Timer since={contact.ended_at ?? contact.answered_at ?? contact.opened_at} />
          {contact.help_requested_at ? <Icon name="help" size={15} label={t("ask_supervisor")} /> : null}
          {contact.counselor && digit === undefined ? <span className={classes["dim"]}>{contact.counselor.name}</span> : null}
        </span>
        <NextStep next={contact.next} owner={false} className={classes["nextStep"]} />
      </Link>
    </li>
  );
});

/** Row height of the queue in px: one line, so that 130 rows need no measuring. */
const ROW_PX = 38;

function Queue({ chosen }: { chosen: string | undefined }) {
  const t = useWords("desk");
  const contacts = useKnown((known) => known.contacts);
  const queue = useMemo(() => queueOf(contacts), [contacts]);
  const area = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: queue.length, getScrollElement: () => area.current, estimateSize: () => ROW_PX, overscan: 8 });
  return (
    <>
      <h2 className={classes["heading"]}>
        {t("queue")} <span className="tabular">{queue.length}</span>
      </h2>
      {queue.length === 0 ? <p className={classes["none"]}>{t("queue_none")}</p> : null}
      <div ref={area} className={classes["queue"]} data-testid="queue" tabIndex={queue.length > 0 ? 0 : -1} role="list" aria-label={t("queue")}>
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map((row) => {
            const contact = queue[row.index]!;
            return (
              <div key={contact.id} className={classes["row"]} style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }} role="listitem">
                <Waiting contact={contact} chosen={contact.id === chosen} />
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

/** A queue row has room for the end of a number. */
const lastDigits = (masked: string): string => `…${masked.slice(-4)}`;

const Waiting = memo(function Waiting({ contact, chosen }: { contact: Contact; chosen: boolean }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const name = useContactName()(contact);
  const [, go] = useLocation();
  const { act, busy } = useAct();
  const take = () => void act(() => takeContact(contact.id)).then((done) => done && go(`/contacts/${contact.id}`));
  return (
    <div className={classes["waiting"]} data-chosen={chosen || undefined} data-testid="queue-row" data-contact={contact.id} data-level={contact.level}>
      <Link href={`/contacts/${contact.id}`} className={classes["waitingLink"]} title={name}>
        <LevelChip level={contact.level} act={contact.act_in_progress} narrow />
        <span className={classes["waitingWho"]}>
          <span className={classes["waitingName"]}>{name === contact.number_masked ? lastDigits(name) : name}</span>
          <Wishes contact={contact} />
        </span>
        <Timer since={contact.waiting_since ?? contact.opened_at} />
        <Icon name={contact.channel} size={15} label={words(`channel_${contact.channel}`)} />
        {contact.interrupted_since ? <Icon name="offline" size={14} label={t("interrupted")} /> : null}
      </Link>
      <button type="button" className={classes["take"]} disabled={busy} onClick={take} aria-label={`${t("take")}: ${name}`} data-testid="queue-take">
        {t("take")}
      </button>
    </div>
  );
});

/** What is asked of who takes it: a row has room for one, the rest is in its title. */
function Wishes({ contact }: { contact: Contact }) {
  const t = useWords("switchboard");
  const skill = useSkillName();
  const wished = contact.wished_counselor ? [t("wished_counselor", { name: contact.wished_counselor.name })] : [];
  const all = [...contact.skills.map(skill), ...wished];
  if (all.length === 0) return null;
  return (
    <span className={classes["wishes"]} title={all.join(" · ")} data-testid="queue-skills">
      {all[0]}
      {all.length > 1 ? ` +${all.length - 1}` : ""}
    </span>
  );
}

function FollowupsDue() {
  const t = useWords("desk");
  const user = useUser();
  const followups = useKnown((known) => known.followups);
  const due = useMemo(() => openFollowups(followups).length, [followups]);
  if (due === 0 || !hasRole(user, "counselor", "supervisor")) return null;
  return (
    <Link href="/followups" className={classes["followups"]} data-testid="followups-due">
      <Icon name="clock" size={15} />
      {t("followups_due", { count: due })}
    </Link>
  );
}
