import { ActionIcon, Menu } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "wouter";
import { openAlerts } from "../../data/alerts";
import { queueOf } from "../../data/contacts";
import { highest } from "../../data/levels";
import { may, signOut, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { Confirm } from "../../ui/confirm";
import { Icon } from "../../ui/Icon";
import { LevelShape } from "../../ui/LevelChip";
import { LanguageSwitch, SchemeSwitch } from "../../ui/switches";
import { useWords } from "../../words/words";
import { PhoneButton } from "../phone/PhoneButton";
import { rootOf, type Route } from "../routes";
import { CommandBar, openCommands } from "./CommandBar";
import { Navigation } from "./Navigation";
import { OwnAccount } from "./OwnAccount";
import { PresenceMenu } from "./PresenceMenu";
import { SoundMenu } from "./SoundMenu";
import classes from "./StatusBar.module.css";

/** Whoever hears of alerts has something to be called by. */
const ALERTED = ["alert.read", "alert.dispatch", "alert.respond", "alert.police"] as const;
/** Where they are worked on, by whoever has such a place. */
const ALERT_PLACES = ["/dispatch", "/police", "/team"];

export function StatusBar({ routes }: { routes: readonly Route[] }) {
  const t = useWords("shell");
  const user = useUser();
  const hearsAlerts = ALERTED.some((permission) => may(user, permission));
  return (
    <header className={classes["bar"]} data-testid="status-bar">
      <PresenceMenu />
      {routes.length > 1 ? <Navigation routes={routes} /> : <div className={classes["space"]} />}
      {may(user, "contact.serve") ? <QueueCount /> : null}
      {hearsAlerts ? <AlertCount place={ALERT_PLACES.find((place) => routes.some((route) => rootOf(route) === place))} /> : null}
      {routes.length > 1 ? (
        <button type="button" className={classes["command"]} onClick={openCommands} aria-label={`${t("commands_label")} ⌘K`} data-testid="command-open">
          <Icon name="search" size={15} />
          <kbd aria-hidden="true">⌘K</kbd>
        </button>
      ) : null}
      <PhoneButton />
      <div className={classes["own"]}>
        {hearsAlerts ? <SoundMenu /> : null}
        <LanguageSwitch />
        <SchemeSwitch />
        <AccountMenu />
      </div>
      <CommandBar routes={routes} />
    </header>
  );
}

function QueueCount() {
  const t = useWords("shell");
  const words = useWords("ui");
  const contacts = useKnown((known) => known.contacts);
  const queue = useMemo(() => queueOf(contacts), [contacts]);
  const worst = highest(queue.map((contact) => contact.level));
  const label = worst ? t("queue_label", { n: queue.length, level: words(`level_${worst}`) }) : t("queue_empty");
  return (
    <Count place="/contacts" title={label} testId="queue-count">
      <span aria-hidden="true">
        {t("queue")} <b className="tabular">{queue.length}</b>
      </span>
      {worst && queue.length > 0 ? (
        <span className={classes[`shape_${worst}`]}>
          <LevelShape level={worst} />
        </span>
      ) : null}
      <span className="visually-hidden">{label}</span>
    </Count>
  );
}

function AlertCount({ place }: { place: string | undefined }) {
  const t = useWords("shell");
  const alerts = useKnown((known) => known.alerts);
  const count = useMemo(() => openAlerts(alerts).length, [alerts]);
  return (
    <Count place={place} alarmed={count > 0} testId="alert-count">
      <span aria-hidden="true">
        {t("alerts")} <b className="tabular">{count}</b>
      </span>
      <span className="visually-hidden">{t("alerts_label", { n: count })}</span>
    </Count>
  );
}

/** A number that leads to what it counts. */
function Count({ place, alarmed = false, title, testId, children }: { place: string | undefined; alarmed?: boolean; title?: string; testId: string; children: ReactNode }) {
  const look = { className: `${classes["count"]} ${alarmed ? classes["alarmed"] : ""}`, title, "data-testid": testId };
  return place ? (
    <Link href={place} {...look}>
      {children}
    </Link>
  ) : (
    <span {...look}>{children}</span>
  );
}

function AccountMenu() {
  const t = useWords("shell");
  const user = useUser();
  const [leaving, setLeaving] = useState(false);
  const [own, setOwn] = useState(false);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("account")} data-testid="account-menu">
            <span className={classes["ink"]}>
              <Icon name="person" size={18} />
            </span>
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{user.name}</Menu.Label>
          <Menu.Item leftSection={<Icon name="person" size={16} />} onClick={() => setOwn(true)} data-testid="account-own">
            {t("own_account")}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="leave" size={16} />} onClick={() => setLeaving(true)} data-testid="sign-out">
            {t("sign_out")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <OwnAccount opened={own} onClose={() => setOwn(false)} />
      <Confirm
        opened={leaving}
        title={t("sign_out")}
        consequence={t("sign_out_confirm")}
        confirm={t("sign_out")}
        onConfirm={() => signOut()}
        onClose={() => setLeaving(false)}
      />
    </>
  );
}
