import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Contact } from "../../data/contacts";
import type { Partially } from "../../data/frames";
import { outbox, sendRead, useLine } from "../../data/line";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useSecond } from "../../ui/clock";
import { Empty, Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { holds, joined } from "./access";
import classes from "./Conversation.module.css";
import { stepMarks } from "./EvidenceText";
import { useFocusedMessage } from "./focusedMessage";
import { MessageRow, PendingRow } from "./MessageRow";
import { useTranscript } from "./useTranscript";

/** A usual message of two lines; rows measure themselves once shown. */
const GUESS_PX = 76;
/** Nearer to the end than this, new messages keep the end in sight. */
const NEAR_END_PX = 100;

export function Transcript({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const { messages, older, loadOlder, failed, loaded, load } = useTranscript(contact);
  const sent = useSyncExternalStore(outbox.subscribe, outbox.list);
  const pending = useMemo(() => sent.filter((item) => item.contact_id === contact.id && outbox.isMine(item)), [sent, contact.id]);
  const count = messages.length + pending.length;
  const { area, rows, away, toEnd } = useRows(count, messages[0]?.seq);
  useReadMarks(contact, messages.at(-1)?.seq ?? 0);
  useJump(contact.id, messages, rows.scrollToIndex);
  const line = useLine((state) => state.state);
  if (failed && !loaded) return <Failed error={failed} retry={() => void load()} />;
  if (!loaded && count === 0) return <Loading rows={6} />;
  return (
    <div className={classes["around"]}>
      <div ref={area} className={classes["scroller"]} data-testid="transcript" tabIndex={0} role="log" aria-label={t("transcript")} aria-live="off" onKeyDown={stepMarks} aria-keyshortcuts="ArrowLeft ArrowRight">
        {older ? (
          <Button className={classes["older"]!} variant="default" size="compact-sm" onClick={() => void loadOlder()}>
            {t("load_older")}
          </Button>
        ) : null}
        {count === 0 ? <Empty icon={contact.channel} title={t(emptyWord(contact))} /> : null}
        <div className={classes["sizer"]} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const message = messages[row.index];
            const waiting = pending[row.index - messages.length];
            return (
              <div key={row.key} ref={rows.measureElement} data-index={row.index} className={classes["virtual"]} style={{ transform: `translateY(${row.start}px)` }}>
                {message ? <MessageRow message={message} seen={message.seq <= contact.read_by_person_seq} /> : waiting ? <PendingRow item={waiting} down={line !== "live"} /> : null}
              </div>
            );
          })}
        </div>
      </div>
      {away ? (
        <Button className={classes["newest"]!} size="compact-sm" onClick={toEnd}>
          {t("jump_newest")}
        </Button>
      ) : null}
      {contact.call === null ? <Typing contact={contact} /> : <BeingSaid contact={contact} />}
    </div>
  );
}

function emptyWord({ call }: Contact): "no_messages" | "no_transcript" | "no_transcript_yet" {
  if (call === null) return "no_messages";
  const talking = call.state === "bridged" || call.state === "ended";
  return call.transcript === "live" && !talking ? "no_transcript_yet" : call.transcript === "live" ? "no_messages" : "no_transcript";
}

/** The virtual rows, held at the end while the reader is there, and held in place while older ones come in above. */
function useRows(count: number, firstSeq: number | undefined) {
  const area = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const atEnd = useRef(true);
  const rows = useVirtualizer({ count, getScrollElement: () => area.current, estimateSize: () => GUESS_PX, overscan: 10 });
  const total = rows.getTotalSize();
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    let before = element.scrollTop;
    const watch = () => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
      // Only the reader goes up. Rows that measure themselves grow below, and that is nobody's leaving.
      if (near || element.scrollTop < before) atEnd.current = near;
      before = element.scrollTop;
      setAway(!atEnd.current);
    };
    // A bar that comes or a composer that grows takes height away: the end stays in sight.
    const shrink = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    shrink.observe(element);
    element.addEventListener("scroll", watch, { passive: true });
    return () => {
      shrink.disconnect();
      element.removeEventListener("scroll", watch);
    };
  }, [count === 0]);
  useEffect(() => {
    // The total changes as rows measure themselves: follow until it stands still.
    if (atEnd.current && area.current) area.current.scrollTop = area.current.scrollHeight;
  }, [count, total]);
  const before = useRef<{ first: number | undefined; count: number }>({ first: firstSeq, count });
  useEffect(() => {
    const { first, count: had } = before.current;
    if (first !== undefined && firstSeq !== undefined && firstSeq < first && !atEnd.current) rows.scrollToIndex(count - had, { align: "start" });
    before.current = { first: firstSeq, count };
  }, [firstSeq, count, rows]);
  const toEnd = () => {
    if (count > 0) rows.scrollToIndex(count - 1, { align: "end" });
  };
  return { area, rows, away, toEnd };
}

/** Long enough for a glance; a burst of messages is then one report. */
const READ_AFTER_MS = 300;

/** What was shown on a visible page counts as read; only by those who serve the contact. */
function useReadMarks(contact: Contact, newest: number): void {
  const user = useUser();
  const serving = holds(user, contact) || joined(user, contact);
  const { id, read_by_staff_seq: read } = contact;
  useEffect(() => {
    const unread = serving && newest > read;
    const report = () => {
      if (unread && document.visibilityState === "visible") sendRead(id, newest);
    };
    const soon = unread ? setTimeout(report, READ_AFTER_MS) : undefined;
    document.addEventListener("visibilitychange", report);
    return () => {
      clearTimeout(soon);
      document.removeEventListener("visibilitychange", report);
    };
  }, [id, newest, read, serving]);
}

/** A click on a reason brings its message into sight. */
function useJump(contactId: string, messages: readonly { seq: number }[], scrollToIndex: (index: number, options: { align: "center" }) => void): void {
  const focused = useFocusedMessage((state) => state.focused);
  useEffect(() => {
    if (focused?.contactId !== contactId) return;
    const index = messages.findIndex((message) => message.seq === focused.seq);
    if (index >= 0) scrollToIndex(index, { align: "center" });
    // Only when a jump is asked for, not when a message comes.
  }, [focused, contactId]);
}

/** Recognisers are silent for some seconds at most; what stays longer was never ended. */
const BEING_SAID_SECONDS = 15;
const NOTHING_SAID: readonly Partially[] = [];

/** Greyed: it changes while it is heard, and the final words take its place above. No screen reader reads it twice. */
export function BeingSaid({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const heard = useKnown((known) => known.partials[contact.id]) ?? NOTHING_SAID;
  const now = useSecond();
  const fresh = heard.filter((one) => now - one.at / 1000 <= BEING_SAID_SECONDS);
  if (fresh.length === 0) return null;
  return (
    <div className={classes["being_said"]} data-testid="being-said" aria-hidden="true">
      {fresh.map((one) => (
        <p key={one.from} data-from={one.from}>
          <span>{t(`from_${one.from}`)}</span> {one.text}…
        </p>
      ))}
    </div>
  );
}

/** How long "typing" stays after the last sign of it. */
const TYPING_SECONDS = 6;

function Typing({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const at = useKnown((known) => known.typingAt[contact.id]) ?? 0;
  const now = useSecond();
  return (
    <div className={classes["typing"]} data-testid="person-typing">
      {now - at / 1000 <= TYPING_SECONDS ? t("typing") : null}
    </div>
  );
}
