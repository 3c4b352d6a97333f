import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { acceptHandover, type DutyRole, fetchHandovers, type Handover, rolesOf, writeHandover } from "../../data/duty";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { NextStep } from "../../ui/NextStep";
import { newId } from "../../wire/ids";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Shifts.module.css";
import { dayAndHour } from "./times";

/** How many accepted ones are shown: what was said two days ago is in the record of each person. */
const LATEST = 5;

/** What the one who goes says to the one who comes. */
export function Handovers() {
  const t = useWords("shifts");
  const user = useUser();
  const [writing, setWriting] = useState(false);
  const told = useKnown((known) => known.handovers);
  const { data } = useQuery({ queryKey: ["handovers"], queryFn: fetchHandovers });
  const shown = useMemo(() => newest(data?.items ?? [], told), [data, told]);
  return (
    <section className={classes["panel"]} aria-label={t("handovers")} data-testid="handovers">
      <div className={classes["bar"]}>
        <h2>{t("handovers")}</h2>
        {rolesOf(user).length > 0 ? (
          <Button variant="default" size="compact-sm" onClick={() => setWriting(true)} data-testid="handover-write">
            {t("handover_write")}
          </Button>
        ) : null}
      </div>
      {shown.length === 0 ? <p className={classes["dim"]}>{t("handover_none")}</p> : null}
      {shown.map((handover) => (
        <Shown key={handover.id} handover={handover} />
      ))}
      <Write opened={writing} onClose={() => setWriting(false)} />
    </section>
  );
}

/** What was told since counts before what was fetched. */
function newest(fetched: readonly Handover[], told: Readonly<Record<string, Handover>>): Handover[] {
  const all = Object.values({ ...Object.fromEntries(fetched.map((one) => [one.id, one])), ...told });
  all.sort((a, b) => Date.parse(b.written_at) - Date.parse(a.written_at));
  return [...all.filter((one) => one.accepted_at === null), ...all.filter((one) => one.accepted_at !== null).slice(0, LATEST)];
}

function Shown({ handover }: { handover: Handover }) {
  const t = useWords("shifts");
  const language = useLanguage();
  const user = useUser();
  const { act, busy } = useAct();
  const mayAccept = handover.accepted_at === null && handover.written_by?.id !== user.id && (user.roles.includes(handover.role) || user.roles.includes("supervisor"));
  return (
    <article className={classes["handover"]} data-testid="handover" data-handover={handover.id}>
      <span className={classes["dim"]}>{t("handover_by", { name: handover.written_by?.name ?? "–", role: t(`role_${handover.role}`), time: dayAndHour(handover.written_at, language) })}</span>
      <p>{handover.note}</p>
      <Open handover={handover} />
      {handover.accepted_by && handover.accepted_at ? (
        <span className={classes["dim"]}>{t("handover_accepted", { name: handover.accepted_by.name, time: dayAndHour(handover.accepted_at, language) })}</span>
      ) : (
        <span>
          {t(handover.late ? "handover_late" : "handover_waits")} · <NextStep next={handover.next} />
        </span>
      )}
      {mayAccept ? (
        <Button size="compact-sm" w="fit-content" loading={busy} onClick={() => void act(() => acceptHandover(handover.id))} data-testid="handover-accept">
          {t("handover_accept")}
        </Button>
      ) : null}
    </article>
  );
}

function Open({ handover }: { handover: Handover }) {
  const t = useWords("shifts");
  const { contact_ids, alert_ids, followup_ids } = handover;
  if (contact_ids.length + alert_ids.length + followup_ids.length === 0) return <span className={classes["dim"]}>{t("handover_nothing")}</span>;
  return (
    <div>
      <span>{t("handover_open", { contacts: contact_ids.length, alerts: alert_ids.length, followups: followup_ids.length })}</span>
      <div className={classes["links"]}>
        {contact_ids.map((id, n) => (
          <Link key={id} href={`/contacts/${id}`}>
            {t("open_contact", { n: n + 1 })}
          </Link>
        ))}
        {alert_ids.map((id, n) => (
          <Link key={id} href={`/dispatch/${id}`}>
            {t("open_alert", { n: n + 1 })}
          </Link>
        ))}
        {followup_ids.length > 0 ? <Link href="/followups">{t("open_followup", { n: followup_ids.length })}</Link> : null}
      </div>
    </div>
  );
}

function Write({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useWords("shifts");
  const { act } = useAct();
  const roles = rolesOf(useUser());
  const [role, setRole] = useState<DutyRole>(roles[0] ?? "counselor");
  const [note, setNote] = useState("");
  const [key, setKey] = useState(newId);
  useEffect(() => {
    if (opened) setKey(newId());
  }, [opened]);
  const send = () => act(async () => (await writeHandover(role, note.trim(), key), setNote("")));
  return (
    <Dialog opened={opened} onClose={onClose} title={t("handover_write")} consequence={t("handover_help")} confirm={t("handover_send")} disabled={note.trim() === ""} onConfirm={send} testId="handover-dialog">
      {roles.length > 1 ? <NativeSelect label={t("role")} data={roles.map((one) => ({ value: one, label: t(`role_${one}`) }))} value={role} onChange={(event) => setRole(event.currentTarget.value as DutyRole)} /> : null}
      <Textarea label={t("handover_note")} required autosize minRows={3} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} data-testid="handover-note" />
    </Dialog>
  );
}
