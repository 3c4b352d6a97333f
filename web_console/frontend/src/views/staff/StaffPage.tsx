import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchStaff, listed, type Staff } from "../../data/staff";
import { Icon } from "../../ui/Icon";
import { Empty, Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { type Link, LinkDialog } from "./LinkDialog";
import { NewAccount } from "./NewAccount";
import classes from "./Staff.module.css";
import { StaffRow } from "./StaffRow";

/** Accounts: who may sign in, as what. */
export default function StaffPage() {
  const t = useWords("staff");
  const [text, setText] = useState("");
  const [making, setMaking] = useState(false);
  const [link, setLink] = useState<Link | null>(null);
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["staff"], queryFn: fetchStaff });
  const shown = useMemo(() => listed(data?.items ?? [], text, (role) => t(`role_${role}`)), [data, text, t]);
  const changed = () => void refetch();
  return (
    <div className={classes["page"]} data-testid="staff-page">
      <header>
        <h1>{t("title")}</h1>
        <TextInput aria-label={t("search")} placeholder={t("search")} value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<Icon name="search" size={15} />} data-testid="staff-search" />
        <Button onClick={() => setMaking(true)} leftSection={<Icon name="plus" size={16} />} data-testid="staff-new">
          {t("new")}
        </Button>
      </header>
      {isPending ? <Loading rows={5} /> : null}
      {error ? <Failed error={error} retry={changed} /> : null}
      {data && shown.length === 0 ? <Empty icon="search" title={t("none")} /> : null}
      {shown.length > 0 ? <Table accounts={shown} onChanged={changed} onLink={setLink} /> : null}
      <NewAccount opened={making} onClose={() => setMaking(false)} onMade={(made) => (changed(), setLink(made))} />
      <LinkDialog link={link} onClose={() => setLink(null)} />
    </div>
  );
}

function Table({ accounts, onChanged, onLink }: { accounts: readonly Staff[]; onChanged: () => void; onLink: (link: Link) => void }) {
  const t = useWords("staff");
  return (
    <div className={classes["table"]}>
      <table>
        <thead>
          <tr>
            {(["name", "username", "roles", "district", "organisation", "state"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`column_${column}`)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <StaffRow key={account.id} account={account} onChanged={onChanged} onLink={onLink} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
