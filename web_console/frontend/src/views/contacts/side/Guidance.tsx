import { useQuery } from "@tanstack/react-query";
import { fetchGuidance, followUpDays } from "../../../data/guidance";
import { usePick, useWords } from "../../../words/words";
import type { SideProps } from "../SidePanel";
import classes from "./side.module.css";

/** The operator's policy for this contact as it stands: read only. */
export function Guidance({ contact }: Pick<SideProps, "contact">) {
  const t = useWords("desk");
  const pick = usePick();
  const { data } = useQuery({
    queryKey: ["guidance", contact.id, contact.level, contact.act_in_progress, contact.kinds.join(), contact.tags.join()],
    queryFn: () => fetchGuidance(contact.id),
    placeholderData: (held) => held,
  });
  if (!data) return null;
  const days = followUpDays(data);
  return (
    <section data-testid="guidance" data-tier={data.tier.id}>
      <h2 className={classes["heading"]}>
        {t("guidance")} · {pick(data.tier, "name")}
      </h2>
      <ul className={classes["evidence"]}>
        {data.asked.map((asked) => (
          <li key={asked.en}>
            <div>{pick(asked)}</div>
          </li>
        ))}
        {days.length > 0 ? (
          <li>
            <div>
              {t("guidance_follow_up")}
              <span>{days.join(" · ")}</span>
            </div>
          </li>
        ) : null}
      </ul>
      {data.basis === "project_default" ? <p className={classes["dim"]}>{t("guidance_default")}</p> : null}
    </section>
  );
}
