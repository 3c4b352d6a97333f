import { Button, Group, Modal, NumberInput, Select, Stack, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addFlag, type Background, type Flag, type FlagCode, liftFlag, savePlan, STANDS_AT_MOST, withdrawPlan } from "../../../data/background";
import type { Contact } from "../../../data/contacts";
import { useUser } from "../../../data/session";
import { useAct } from "../../../ui/act";
import { Confirm } from "../../../ui/confirm";
import { LevelChip } from "../../../ui/LevelChip";
import { useLanguage, useWords } from "../../../words/words";
import { supervises } from "../access";
import { backgroundKey, useBackground } from "../Background";
import { dateTime } from "../naming";
import classes from "./side.module.css";

/** A flag stands this long unless one says otherwise. */
const USUAL_DAYS = 90;

interface Props {
  contact: Contact;
  found: Background;
  personId: string;
}

/** What is kept of the person beyond this contact, and where it is changed. */
export function KnownPerson({ contact }: { contact: Contact }) {
  const found = useBackground(contact.id, contact.person_id !== null);
  if (!found?.person_id) return null;
  const props = { contact, found, personId: found.person_id };
  return (
    <Stack gap="md" data-testid="known-person">
      <Flags {...props} />
      <Plan {...props} />
      <Earlier found={found} />
    </Stack>
  );
}

function useChange(contact: Contact) {
  const { act, busy } = useAct();
  const queries = useQueryClient();
  const change = (what: () => Promise<unknown>) =>
    act(async () => {
      await what();
      await queries.invalidateQueries({ queryKey: backgroundKey(contact.id) });
    });
  return { change, busy };
}

function Flags({ contact, found, personId }: Props) {
  const t = useWords("texts");
  const language = useLanguage();
  const { change } = useChange(contact);
  const [lifting, setLifting] = useState<Flag | null>(null);
  const [adding, setAdding] = useState(false);
  return (
    <section>
      <h2 className={classes["heading"]}>{t("flags")}</h2>
      {found.flags.length === 0 ? <p className={classes["dim"]}>{t("flags_none")}</p> : null}
      <ul className={classes["evidence"]}>
        {found.flags.map((flag) => (
          <li key={flag.id}>
            <div>
              <b>{t(`flag_${flag.code}`)}</b>
              <time dateTime={flag.expires_at}>{t("flag_until", { at: new Date(flag.expires_at).toLocaleDateString(language === "zh" ? "zh-CN" : "en") })}</time>
              {flag.note ? <span className={classes["said"]}>{flag.note}</span> : null}
              <Button size="compact-xs" variant="subtle" onClick={() => setLifting(flag)} data-testid="flag-lift">
                {t("flag_lift")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Button size="compact-sm" variant="default" mt="xs" onClick={() => setAdding(true)} data-testid="flag-add">
        {t("flag_add")}
      </Button>
      <AddFlag opened={adding} onClose={() => setAdding(false)} onAdd={(code, note, days) => change(() => addFlag(personId, code, note, days))} />
      <Confirm
        opened={lifting !== null}
        title={t("flag_lift")}
        consequence={t("flag_lift_body")}
        confirm={t("flag_lift")}
        onConfirm={() => change(() => liftFlag(personId, lifting!.id))}
        onClose={() => setLifting(null)}
      />
    </section>
  );
}

interface AddProps {
  opened: boolean;
  onClose: () => void;
  onAdd: (code: FlagCode, note: string, days: number) => Promise<boolean>;
}

function AddFlag({ opened, onClose, onAdd }: AddProps) {
  const t = useWords("texts");
  const words = useWords("ui");
  const [code, setCode] = useState<FlagCode>("no_voicemail");
  const [note, setNote] = useState("");
  const [days, setDays] = useState<number>(USUAL_DAYS);
  const most = STANDS_AT_MOST[code];
  const codes = Object.keys(STANDS_AT_MOST) as FlagCode[];
  const add = async () => {
    if (!(await onAdd(code, note.trim(), Math.min(days, most)))) return;
    setNote("");
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("flag_add")} centered closeButtonProps={{ "aria-label": words("close") }}>
      <Stack gap="sm">
        <Select label={t("flag_what")} data={codes.map((value) => ({ value, label: t(`flag_${value}`) }))} value={code} onChange={(value) => value && setCode(value as FlagCode)} allowDeselect={false} data-testid="flag-code" />
        <Textarea label={t("flag_note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={2000} autosize minRows={2} required={code === "other"} data-testid="flag-note" />
        <NumberInput label={t("flag_days")} value={Math.min(days, most)} min={1} max={most} onChange={(value) => setDays(Number(value) || 1)} data-testid="flag-days" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words("cancel")}
          </Button>
          <Button onClick={() => void add()} disabled={code === "other" && note.trim() === ""} data-testid="flag-save">
            {t("flag_save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Plan({ contact, found, personId }: Props) {
  const t = useWords("texts");
  const user = useUser();
  const { change, busy } = useChange(contact);
  const [text, setText] = useState<string | null>(null);
  const [withdrawing, setWithdrawing] = useState(false);
  const save = () => void change(() => savePlan(personId, (text ?? "").trim())).then((done) => done && setText(null));
  return (
    <section>
      <h2 className={classes["heading"]}>{t("plan_title")}</h2>
      {text !== null ? (
        <>
          <Textarea label={t("plan_label")} value={text} onChange={(event) => setText(event.currentTarget.value)} maxLength={2000} autosize minRows={4} data-testid="plan-text" />
          <Button size="compact-sm" mt="xs" loading={busy} disabled={!text.trim()} onClick={save} data-testid="plan-save">
            {t("plan_save")}
          </Button>
        </>
      ) : (
        <>
          <p style={{ whiteSpace: "pre-wrap", margin: "0 0 6px" }}>{found.plan?.text ?? <span className={classes["dim"]}>{t("plan_none")}</span>}</p>
          {supervises(user) ? (
            <Group gap="xs">
              <Button size="compact-sm" variant="default" onClick={() => setText(found.plan?.text ?? "")} data-testid="plan-write">
                {t(found.plan ? "plan_change" : "plan_write")}
              </Button>
              {found.plan ? (
                <Button size="compact-sm" variant="subtle" onClick={() => setWithdrawing(true)} data-testid="plan-withdraw">
                  {t("plan_withdraw")}
                </Button>
              ) : null}
            </Group>
          ) : null}
        </>
      )}
      <Confirm
        opened={withdrawing}
        title={t("plan_withdraw")}
        consequence={t("plan_withdraw_body")}
        confirm={t("plan_withdraw")}
        onConfirm={() => change(() => withdrawPlan(personId))}
        onClose={() => setWithdrawing(false)}
      />
    </section>
  );
}

function Earlier({ found }: { found: Background }) {
  const t = useWords("texts");
  const words = useWords("ui");
  const language = useLanguage();
  if (found.earlier.length === 0) return null;
  return (
    <section>
      <h2 className={classes["heading"]}>{t("earlier")}</h2>
      <ul className={classes["evidence"]} data-testid="earlier-contacts">
        {found.earlier.map((one) => (
          <li key={one.id}>
            <div>
              <b>{words(`channel_${one.channel as Contact["channel"]}`)}</b>
              <LevelChip level={one.peak_level as Contact["level"]} />
              <time dateTime={one.opened_at}>{dateTime(one.opened_at, language)}</time>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
