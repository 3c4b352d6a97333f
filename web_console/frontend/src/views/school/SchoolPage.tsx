import { useParams } from "wouter";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { Loading } from "../../ui/states";
import { ReportForm } from "./ReportForm";
import { ReportList } from "./ReportList";
import { ReportPage } from "./ReportPage";
import classes from "./School.module.css";

/** The school's reports: the list, one report, or the form of a new one. */
export default function SchoolPage() {
  const { id } = useParams<{ id?: string }>();
  const user = useUser();
  const ready = useKnown((known) => known.ready);
  if (!ready) return <Loading rows={4} />;
  return (
    <div className={classes["page"]} data-testid="school-page">
      {id === "new" && may(user, "school.report") ? <ReportForm /> : id ? <ReportPage key={id} id={id} /> : <ReportList />}
    </div>
  );
}
