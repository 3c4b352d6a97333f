import { MultiSelect, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSkillName, useSkills } from "../../data/skills";
import { fetchStaff } from "../../data/staff";
import { useWords } from "../../words/words";

export interface Wishes {
  skills: string[];
  wished_counselor_id: string | null;
}

/** What is asked of who takes it from the queue: skills, and a counselor whom the person would like to speak to again. */
export function TransferWishes({ value, onChange }: { value: Wishes; onChange: (wishes: Wishes) => void }) {
  const t = useWords("switchboard");
  const name = useSkillName();
  const skills = useSkills();
  const { data } = useQuery({ queryKey: ["staff"], queryFn: fetchStaff });
  const counselors = (data?.items ?? []).filter((one) => !one.disabled && one.roles.some((role) => role === "counselor" || role === "supervisor"));
  return (
    <>
      <MultiSelect label={t("wished_skills")} value={value.skills} onChange={(chosen) => onChange({ ...value, skills: chosen })} data={(skills?.items ?? []).map((one) => ({ value: one.code, label: name(one.code) }))} maxValues={4} data-testid="transfer-skills" />
      <NativeSelect
        label={t("wished_again")}
        description={t("wished_again_help")}
        value={value.wished_counselor_id ?? ""}
        onChange={(event) => onChange({ ...value, wished_counselor_id: event.currentTarget.value || null })}
        data={[{ value: "", label: t("wished_nobody") }, ...counselors.map((one) => ({ value: one.id, label: one.name }))]}
        data-testid="transfer-wished"
      />
    </>
  );
}
