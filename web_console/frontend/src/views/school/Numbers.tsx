import { useQuery } from "@tanstack/react-query";
import { NUMBERS_WITHOUT_SERVER, type PublicInfo } from "../../data/chat";
import { callLink } from "../../data/places";
import { http } from "../../wire/http";
import { Icon } from "../../ui/Icon";
import { usePick } from "../../words/words";
import classes from "./School.module.css";

/** The numbers to call now, as links; those of the service's settings, or the national ones while it does not answer. */
export function Numbers() {
  const pick = usePick();
  const { data } = useQuery({ queryKey: ["public"], queryFn: () => http.get<PublicInfo>("/api/public") });
  return (
    <p className={classes["numbers"]} data-testid="school-numbers">
      {(data?.numbers ?? NUMBERS_WITHOUT_SERVER).map((each) => (
        <a key={each.number} href={callLink(each.number) ?? `tel:${each.number}`}>
          <Icon name="call" size={16} />
          <b>{each.number}</b> {pick(each, "label")}
        </a>
      ))}
    </p>
  );
}
