import { Button, Chip, Select, TextInput } from "@mantine/core";
import { type Filters, queryOf } from "../../data/referralBoard";
import { useWords } from "../../words/words";
import { usePick } from "../../words/words";
import classes from "./Referrals.module.css";
import type { Codes } from "./useCodes";

interface Props {
  filters: Filters;
  codes: Codes;
  onChange: (filters: Filters) => void;
  onClear: () => void;
}

/** Filters live in the address: a link shows the same board to a colleague. */
export function FilterBar({ filters, codes, onChange, onClear }: Props) {
  const t = useWords("referrals");
  const pick = usePick();
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  const select = (name: "need" | "channel" | "institution", label: string, data: { value: string; label: string }[]) => (
    <Select aria-label={label} placeholder={label} value={filters[name] || null} onChange={(value) => set({ [name]: value ?? "" })} data={data} clearable size="xs" w={150} data-testid={`referral-filter-${name}`} />
  );
  const only = (value: "late" | "mine", label: string) => (
    <Chip size="xs" checked={filters.only === value} onChange={(on) => set({ only: on ? value : "" })} data-testid={`referral-filter-${value}`}>
      {label}
    </Chip>
  );
  return (
    <div className={classes["filters"]} role="search">
      <TextInput aria-label={t("search")} placeholder={t("search")} value={filters.text} onChange={(event) => set({ text: event.currentTarget.value })} size="xs" w={140} data-testid="referral-filter-text" />
      {select("need", t("filter_need"), codes.needs.map((each) => ({ value: each.code, label: pick(each) })))}
      {select("institution", t("filter_institution"), codes.institutions.map((each) => ({ value: each.id, label: each.name })))}
      {select("channel", t("filter_channel"), (["self", "medical", "other"] as const).map((value) => ({ value, label: t(`channel_${value}`) })))}
      {only("late", t("filter_late"))}
      {only("mine", t("filter_mine"))}
      {queryOf(filters) ? (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onClear} data-testid="referral-filter-clear">
          {t("clear")}
        </Button>
      ) : null}
    </div>
  );
}
