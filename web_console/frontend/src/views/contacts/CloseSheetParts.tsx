import { Checkbox, Group, MultiSelect, Radio, Select, SimpleGrid, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchDistricts, fetchInstitutions, fetchNeeds } from "../../data/contactCommands";
import { usePick, useWords } from "../../words/words";
import { scopeOf } from "./closing";
import { type Parts, Part } from "./CloseSheet";

const HOW = ["in_chat", "spoken", "in_person", "in_writing"] as const;
const BY = ["person", "guardian"] as const;

/** `true`/`false`/undecided as radio values. */
const chosen = (value: boolean | null): string | null => (value === null ? null : value ? "yes" : "no");

export function FollowupFields({ form, set }: Parts) {
  const t = useWords("desk");
  return (
    <Part section="followup">
      <Radio.Group label={t("close_followup")} value={chosen(form.followup)} onChange={(value) => set({ followup: value === "yes" })}>
        <Group gap="lg" mt={6}>
          <Radio value="yes" label={t("close_followup_yes")} data-testid="close-followup-yes" />
          <Radio value="no" label={t("close_followup_no")} data-testid="close-followup-no" />
        </Group>
      </Radio.Group>
      {form.followup ? (
        <Stack gap="xs">
          <TextInput type="datetime-local" label={t("close_followup_at")} value={form.followupAt} onChange={(event) => set({ followupAt: event.currentTarget.value })} required data-testid="close-followup-at" />
          <Checkbox label={t("close_followup_consent")} checked={form.followupConsent} onChange={(event) => set({ followupConsent: event.currentTarget.checked })} data-testid="close-followup-consent" />
          <TextInput label={t("close_followup_note")} value={form.followupNote} onChange={(event) => set({ followupNote: event.currentTarget.value })} maxLength={500} />
        </Stack>
      ) : null}
    </Part>
  );
}

export function ReferralFields({ form, set }: Parts) {
  const t = useWords("desk");
  return (
    <Part section="referral">
      <Radio.Group label={t("close_referral")} value={chosen(form.referral)} onChange={(value) => set({ referral: value === "yes" })}>
        <Group gap="lg" mt={6}>
          <Radio value="yes" label={t("close_referral_yes")} data-testid="close-referral-yes" />
          <Radio value="no" label={t("close_referral_no")} data-testid="close-referral-no" />
        </Group>
      </Radio.Group>
      {form.referral === null && (form.level === "moderate" || form.level === "high") ? <Text size="sm">{t("close_referral_undecided")}</Text> : null}
      {form.referral ? <ReferralDetails form={form} set={set} /> : null}
    </Part>
  );
}

function ReferralDetails({ form, set }: Parts) {
  const t = useWords("desk");
  const pick = usePick();
  const needs = useQuery({ queryKey: ["needs"], queryFn: fetchNeeds, staleTime: Infinity });
  const institutions = useQuery({ queryKey: ["institutions"], queryFn: fetchInstitutions, staleTime: 60_000 });
  const receivers = [t("referral_office"), ...(institutions.data?.items ?? []).map((one) => one.name)];
  return (
    <Stack gap="xs">
      <Group grow align="flex-start">
        <TextInput label={t("close_referral_name")} value={form.referralName} onChange={(event) => set({ referralName: event.currentTarget.value })} maxLength={80} required data-testid="close-referral-name" />
        <TextInput type="tel" label={t("close_referral_phone")} value={form.referralPhone} onChange={(event) => set({ referralPhone: event.currentTarget.value })} maxLength={40} required data-testid="close-referral-phone" />
      </Group>
      <District form={form} set={set} />
      <Checkbox.Group label={t("close_referral_needs")} value={form.referralNeeds} onChange={(referralNeeds) => set({ referralNeeds })} required>
        <SimpleGrid cols={2} spacing={6} mt={6}>
          {(needs.data?.items ?? []).map((one) => (
            <Checkbox key={one.code} value={one.code} label={pick(one)} data-testid={`need-${one.code}`} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <Textarea label={t("close_referral_note")} value={form.referralNote} onChange={(event) => set({ referralNote: event.currentTarget.value })} maxLength={2000} autosize minRows={2} />
      <Textarea label={t("close_referral_risk")} value={form.referralRisk} onChange={(event) => set({ referralRisk: event.currentTarget.value })} maxLength={2000} autosize minRows={1} />
      <MultiSelect label={t("close_referral_receivers")} value={form.referralReceivers} onChange={(referralReceivers) => set({ referralReceivers })} data={[...new Set([...receivers, ...form.referralReceivers])]} />
      <ReferralConsent form={form} set={set} />
    </Stack>
  );
}

/** One of the service's districts; where there is only one, it is that one. */
function District({ form, set }: Parts) {
  const t = useWords("desk");
  const pick = usePick();
  const { data } = useQuery({ queryKey: ["districts"], queryFn: fetchDistricts, staleTime: Infinity });
  const districts = data?.items ?? [];
  const chosen = districts.find((one) => one.code === form.referralDistrict)?.code ?? (districts.length === 1 ? districts[0]!.code : null);
  useEffect(() => {
    if (chosen !== null && chosen !== form.referralDistrict) set({ referralDistrict: chosen });
  });
  return (
    <Select
      label={t("close_referral_district")}
      value={chosen}
      onChange={(value) => set({ referralDistrict: value ?? "" })}
      data={districts.map((one) => ({ value: one.code, label: pick(one) }))}
      searchable
      required
      data-testid="close-referral-district"
    />
  );
}

/** The consent names what goes, by whom it was given and how. */
function ReferralConsent({ form, set }: Parts) {
  const t = useWords("desk");
  const what = scopeOf(form)
    .map((scope) => t(`scope_${scope}`))
    .join(" · ");
  return (
    <>
      <Group grow align="flex-start">
        <Select label={t("close_referral_by")} value={form.referralBy} onChange={(value) => set({ referralBy: (value ?? "person") as (typeof BY)[number] })} data={BY.map((value) => ({ value, label: t(`consent_by_${value}`) }))} allowDeselect={false} />
        <Select label={t("close_referral_how")} value={form.referralHow} onChange={(value) => set({ referralHow: (value ?? "in_chat") as (typeof HOW)[number] })} data={HOW.map((value) => ({ value, label: t(`consent_${value}`) }))} allowDeselect={false} />
      </Group>
      <Checkbox
        label={t("close_referral_consent")}
        description={t("close_referral_shares", { what })}
        checked={form.referralConsent}
        onChange={(event) => set({ referralConsent: event.currentTarget.checked })}
        data-testid="close-referral-consent"
      />
    </>
  );
}
