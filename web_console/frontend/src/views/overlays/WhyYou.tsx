import type { Offer } from "../../data/offers";
import { useSkillName } from "../../data/skills";
import { useWords } from "../../words/words";
import classes from "./overlays.module.css";

/** Why the queue chose just this counselor, in words. */
export function WhyYou({ offer }: { offer: Offer }) {
  const t = useWords("desk");
  const name = useSkillName();
  if (offer.suits.length === 0) return null;
  const why = offer.suits.map((one) => t(`suits_${one.why}`, { skill: one.skill ? name(one.skill) : "", level: one.level ?? "" }));
  return (
    <p className={classes["suits"]} data-testid="offer-suits">
      {t("suits", { why: why.join(" · ") })}
    </p>
  );
}
