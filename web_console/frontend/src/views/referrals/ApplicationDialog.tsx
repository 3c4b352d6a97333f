import { Checkbox, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { fetchPerson, fileReferral, moveReferral } from "../../data/referralCommands";
import { type ApplicationDraft, applicationOf, CONSENT_SCOPES, CONSENT_WAYS, gapsOfApplication, NEW_APPLICATION } from "../../data/referralForms";
import type { Referral } from "../../data/referrals";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { newId } from "../../wire/ids";
import { usePick, useWords } from "../../words/words";
import { Several } from "./MoveFields";
import classes from "./Referrals.module.css";
import type { Codes } from "./useCodes";

interface Props {
  opened: boolean;
  codes: Codes;
  /** Where one is to be completed; else a new one is filed. */
  referral?: Referral;
  /** The closed contact that it comes from, where it comes from one. */
  contactId?: string;
  onClose: () => void;
  onFiled: (referral: Referral) => void;
}

/** The application: who, what is needed, and consent. A returned one is completed and submitted again. */
export function ApplicationDialog({ opened, codes, referral, contactId, onClose, onFiled }: Props) {
  const t = useWords("referrals");
  const { act } = useAct();
  const [draft, setDraft] = useApplicationDraft(opened, referral);
  const [key, setKey] = useState(newId);
  const gaps = gapsOfApplication(draft);
  const set = (change: Partial<ApplicationDraft>) => setDraft((held) => ({ ...held, ...change }));
  const send = () =>
    act(async () => {
      const application = applicationOf(draft);
      onFiled(referral ? await moveReferral(referral, "submit", { application }) : await fileReferral(application, key, contactId));
      setKey(newId());
    });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("form_title")} consequence={t("form_body")} confirm={t("form_submit")} disabled={gaps.length > 0} onConfirm={send} testId="referral-application">
      <PersonFields draft={draft} set={set} codes={codes} />
      <NeedFields draft={draft} set={set} codes={codes} />
      <ConsentFields draft={draft} set={set} codes={codes} />
      {gaps.length > 0 ? (
        <Text size="sm" c="dimmed" data-testid="referral-missing">
          {t("form_missing")} {gaps.map((gap) => t(`missing_${gap}`)).join(" · ")}
        </Text>
      ) : null}
    </Dialog>
  );
}

function useApplicationDraft(opened: boolean, referral: Referral | undefined) {
  const user = useUser();
  const [draft, setDraft] = useState<ApplicationDraft>(NEW_APPLICATION);
  useEffect(() => {
    if (!opened) return;
    setDraft({ ...NEW_APPLICATION, district: user.district ?? "", ...(referral ? carriedOver(referral) : {}) });
    if (referral) void fetchPerson(referral.id).then(({ person }) => setDraft((held) => ({ ...held, ...texts(person) })), () => undefined);
  }, [opened, referral?.id]);
  return [draft, setDraft] as const;
}

function carriedOver(referral: Referral): Partial<ApplicationDraft> {
  const { consent } = referral;
  return {
    channel: referral.channel,
    needs: referral.needs,
    district: referral.district ?? "",
    note: referral.note ?? "",
    risk_note: referral.risk_note ?? "",
    consent: consent.given,
    by: consent.by === "guardian" ? "guardian" : "person",
    how: consent.how ?? "",
    scope: consent.scope,
    receivers: consent.receivers,
  };
}

const TEXTS = ["name", "phone", "birth_date", "guardian_name", "guardian_phone"] as const;
const texts = (person: Readonly<Record<string, unknown>>): Partial<ApplicationDraft> => Object.fromEntries(TEXTS.map((name) => [name, typeof person[name] === "string" ? person[name] : ""]));

interface FieldsProps {
  draft: ApplicationDraft;
  set: (change: Partial<ApplicationDraft>) => void;
}

function PersonFields({ draft, set, codes }: FieldsProps & { codes: Codes }) {
  const t = useWords("referrals");
  const pick = usePick();
  const text = (name: (typeof TEXTS)[number], label: string, type = "text", required = false) => (
    <TextInput label={label} type={type} required={required} value={draft[name]} onChange={(event) => set({ [name]: event.currentTarget.value })} maxLength={100} data-testid={`referral-form-${name}`} />
  );
  return (
    <div className={classes["pair"]}>
      {text("name", t("person_name"), "text", true)}
      {text("phone", t("person_phone"), "tel")}
      {text("birth_date", t("form_birth"), "date")}
      {text("guardian_name", t("person_guardian_name"))}
      {text("guardian_phone", t("person_guardian_phone"), "tel")}
      <Select label={t("district")} required value={draft.district || null} onChange={(district) => set({ district: district ?? "" })} data={codes.districts.map((each) => ({ value: each.code, label: pick(each) }))} searchable data-testid="referral-form-district" />
    </div>
  );
}

function NeedFields({ draft, set, codes }: FieldsProps & { codes: Codes }) {
  const t = useWords("referrals");
  const pick = usePick();
  return (
    <Stack gap="sm">
      <Select label={t("channel")} value={draft.channel} onChange={(channel) => set({ channel: (channel ?? "other") as ApplicationDraft["channel"] })} data={(["self", "medical", "other"] as const).map((value) => ({ value, label: t(`channel_${value}`) }))} allowDeselect={false} />
      <Several label={t("needs")} value={draft.needs} onChange={(needs) => set({ needs })} options={codes.needs.map((each) => ({ value: each.code, label: pick(each) }))} />
      <Textarea label={t("note")} value={draft.note} onChange={(event) => set({ note: event.currentTarget.value })} maxLength={2000} autosize minRows={2} />
      <Textarea label={t("risk_note")} value={draft.risk_note} onChange={(event) => set({ risk_note: event.currentTarget.value })} maxLength={2000} autosize minRows={1} />
    </Stack>
  );
}

function ConsentFields({ draft, set, codes }: FieldsProps & { codes: Codes }) {
  const t = useWords("referrals");
  return (
    <Stack gap="sm">
      <Checkbox label={t("form_consent")} checked={draft.consent} onChange={(event) => set({ consent: event.currentTarget.checked })} data-testid="referral-form-consent" />
      <div className={classes["pair"]}>
        <Select label={t("consent")} description={t("form_minor")} value={draft.by} onChange={(by) => set({ by: by === "guardian" ? "guardian" : "person" })} data={(["person", "guardian"] as const).map((value) => ({ value, label: t(`consent_by_${value}`) }))} allowDeselect={false} />
        <Select label={t("missing_how")} description=" " value={draft.how || null} onChange={(how) => set({ how: how ?? "" })} data={CONSENT_WAYS.map((value) => ({ value, label: t(`how_${value}`) }))} data-testid="referral-form-how" />
      </div>
      <Several label={t("consent_scope")} value={draft.scope} onChange={(scope) => set({ scope })} options={CONSENT_SCOPES.map((value) => ({ value, label: t(`scope_${value}`) }))} />
      <Several label={t("form_receivers")} value={draft.receivers} onChange={(receivers) => set({ receivers })} options={codes.institutions.map((each) => ({ value: each.id, label: each.name }))} />
    </Stack>
  );
}
