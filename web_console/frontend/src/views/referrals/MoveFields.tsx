import { Chip, Group, Input, Radio, Select, Textarea } from "@mantine/core";
import { CHECKS, CONSENT_WAYS, DECLINE_REASONS, type Facts, VISIT_WAYS } from "../../data/referralForms";
import type { Referral } from "../../data/referrals";
import type { Key } from "../../words/areas";
import { usePick, useWords } from "../../words/words";
import classes from "./Referrals.module.css";
import type { Codes } from "./useCodes";

interface Props {
  field: string;
  referral: Referral;
  codes: Codes;
  facts: Facts;
  needed: boolean;
  set: (change: Facts) => void;
}

/** One field of a move, by its name. */
export function MoveField(props: Props) {
  const { field, facts, needed, set } = props;
  const t = useWords("referrals");
  const label = t(`field_${field}` as Key<"referrals">);
  switch (field) {
    case "institution_id":
      return <InstitutionField {...props} label={label} />;
    case "receiver_consent":
      return <Pick {...props} label={label} options={CONSENT_WAYS.map((value) => ({ value, label: t(`how_${value}`) }))} />;
    case "decline_reason":
      return <Pick {...props} label={label} options={DECLINE_REASONS.map((value) => ({ value, label: t(`decline_${value}`) }))} />;
    case "closure_code":
      return <ClosureField {...props} label={label} />;
    case "way":
      return <Pick {...props} label={label} options={VISIT_WAYS.map((value) => ({ value, label: t(`way_${value}`) }))} />;
    case "reached":
      return <ReachedField {...props} label={label} />;
    case "services":
      return <ServicesField {...props} label={label} />;
    case "checks":
      return <Several label={label} value={(facts["checks"] as string[] | undefined) ?? []} onChange={(checks) => set({ checks })} options={CHECKS.map((value) => ({ value, label: t(`check_${value}`) }))} />;
    default:
      return <Textarea label={label} required={needed} value={(facts[field] as string | undefined) ?? ""} onChange={(event) => set({ [field]: event.currentTarget.value })} maxLength={2000} autosize minRows={2} data-testid={`referral-field-${field}`} />;
  }
}

interface Option {
  value: string;
  label: string;
}

function Pick({ field, facts, needed, set, label, options }: Props & { label: string; options: readonly Option[] }) {
  return <Select label={label} required={needed} value={(facts[field] as string | undefined) ?? null} onChange={(value) => set({ [field]: value })} data={[...options]} comboboxProps={{ withinPortal: true }} data-testid={`referral-field-${field}`} />;
}

/** Those that offer what is needed, near and with free places, first. */
function InstitutionField(props: Props & { label: string }) {
  const t = useWords("referrals");
  const { referral, codes } = props;
  const fits = (services: readonly string[]) => referral.needs.some((need) => services.includes(need));
  const ranked = [...codes.institutions].sort((a, b) => Number(fits(b.services)) - Number(fits(a.services)) || Number(b.district === referral.district) - Number(a.district === referral.district) || b.places_free - a.places_free);
  const options = ranked.map((each) => ({ value: each.id, label: `${each.name} · ${codes.district(each.district)} · ${t("places", { free: each.places_free, total: each.places_total })}${fits(each.services) ? ` · ${t("fits")}` : ""}` }));
  return <Pick {...props} options={options} />;
}

function ClosureField(props: Props & { label: string }) {
  const pick = usePick();
  return <Pick {...props} options={props.codes.closure.map((each) => ({ value: each.code, label: pick(each) }))} />;
}

function ServicesField({ codes, facts, set, label, referral }: Props & { label: string }) {
  const pick = usePick();
  const chosen = (facts["services"] as string[] | undefined) ?? [];
  const wanted = [...codes.needs].sort((a, b) => Number(referral.needs.includes(b.code)) - Number(referral.needs.includes(a.code)));
  return <Several label={label} value={chosen} onChange={(services) => set({ services })} options={wanted.map((each) => ({ value: each.code, label: pick(each) }))} />;
}

export function Several({ label, value, onChange, options }: { label: string; value: string[]; onChange: (value: string[]) => void; options: readonly Option[] }) {
  return (
    <Input.Wrapper label={label} labelElement="div">
      <Chip.Group multiple value={value} onChange={onChange}>
        <Group gap={6} mt={4} role="group" aria-label={label}>
          {options.map((option) => (
            <Chip key={option.value} value={option.value} size="xs" data-testid={`several-${option.value}`}>
              {option.label}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}

function ReachedField({ facts, set, label }: Props & { label: string }) {
  const t = useWords("referrals");
  return (
    <Radio.Group label={label} value={facts["reached"] === undefined ? "" : facts["reached"] ? "yes" : "no"} onChange={(value) => set({ reached: value === "yes" })} required>
      <Group mt={4}>
        <Radio value="yes" label={t("reached_yes")} data-testid="referral-field-reached-yes" />
        <Radio value="no" label={t("reached_no")} data-testid="referral-field-reached-no" />
      </Group>
    </Radio.Group>
  );
}

/** What the form of this move may hold besides; folded, since none of it is needed. */
export function Details({ fields, facts, set }: { fields: readonly string[]; facts: Facts; set: (change: Facts) => void }) {
  const t = useWords("referrals");
  const held = (facts["details"] as Record<string, string> | undefined) ?? {};
  if (fields.length === 0) return null;
  return (
    <details className={classes["details"]}>
      <summary>{t("more_details")}</summary>
      {fields.map((field) => (
        <Textarea key={field} label={t(`detail_${field}` as Key<"referrals">)} value={held[field] ?? ""} onChange={(event) => set({ details: { ...held, [field]: event.currentTarget.value } })} maxLength={2000} autosize minRows={1} />
      ))}
    </details>
  );
}
