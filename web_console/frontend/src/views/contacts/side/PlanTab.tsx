import { Stack, Text, Textarea } from "@mantine/core";
import { PLAN_STEPS, usePlan, writePlan } from "../../../data/safetyPlans";
import { useWords } from "../../../words/words";

export function PlanTab({ contact }: { contact: { id: string } }) {
  const t = useWords("desk");
  return (
    <Stack gap="sm">
      <Text size="sm">{t("plan_intro")}</Text>
      <PlanFields contactId={contact.id} />
    </Stack>
  );
}

/** The same six steps here and in the closing sheet; both write the one plan. */
export function PlanFields({ contactId }: { contactId: string }) {
  const t = useWords("desk");
  const plan = usePlan(contactId);
  return (
    <>
      {PLAN_STEPS.map((step, index) => (
        <Textarea
          key={step}
          label={`${index + 1}. ${t(`plan_${step}`)}`}
          value={plan[step]}
          onChange={(event) => writePlan(contactId, step, event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={2}
          data-testid={`plan-${step}`}
        />
      ))}
    </>
  );
}
