"""`tapal outbox`: who is told of changes, and what waits to be sent."""

from __future__ import annotations

import click

from tapal.web.cli import start
from tapal.web.cli.told import refusals, refuse


@click.group()
def outbox() -> None:
    """Notices of changes, by webhook and e-mail."""


@outbox.command()
@click.argument("username")
@click.option("--webhook", default="", help="The https:// address to post to.")
@click.option("--email", default="", help="The address to write to.")
@click.option("--purpose", required=True, help="What the account looks for.")
@click.option("--type", "types", multiple=True, help="Only such changes; may be given repeatedly.")
@click.option("--carrier", default="", help="Give it the answers to this sender's passenger lists.")
@click.option("--agency", help="Where the account has mandates from several.")
@click.option("--post", help="Id of the post, where the account's mandate is for one.")
def subscribe(
    username: str,
    webhook: str,
    email: str,
    purpose: str,
    types: tuple[str, ...],
    carrier: str,
    agency: str | None,
    post: str | None,
) -> None:
    """Tell a target of the changes that the account USERNAME may see."""
    start()
    from tapal.core.marking import Purpose
    from tapal.flow import outbox as notices
    from tapal.flow.accounts import OPERATOR
    from tapal.flow.officers import actor_of
    from tapal.store.models import Officer

    officer = Officer.objects.filter(username=username).first()
    if officer is None:
        refuse(f"no officer is called {username}")
    if bool(webhook) == bool(email):
        refuse("name either --webhook or --email")
    if purpose not in set(Purpose):
        refuse(f"no such purpose; one of {', '.join(Purpose)}")
    channel = "webhook" if webhook else "email"
    wish = notices.Wish(channel, webhook or email, Purpose(purpose), types, carrier)
    with refusals(denied="the account has no mandate there, or may not look for that purpose"):
        actor = actor_of(officer, post, agency=agency)
        made = notices.subscribe(officer, actor, wish, by=OPERATOR)
    click.echo(notices.secret_of(made) if webhook else str(made.pk))
    click.echo(f"subscription {made.pk}", err=True)


@outbox.command("list")
@click.option(
    "--state", type=click.Choice(["waiting", "dead", "sent", "void"]), help="Only such notices."
)
@click.option("--subscriptions", is_flag=True, help="The targets instead.")
def list_(state: str | None, subscriptions: bool) -> None:
    """What waits and what was given up, the newest first; ids and troubles, nothing of what is told."""
    start()
    from tapal.store.models import Notice, Subscription

    if subscriptions:
        for held in Subscription.objects.filter(ended_at=None).order_by("id"):
            rests = f"rests until {held.rests_until:%Y-%m-%d %H:%M}" if held.rests_until else "-"
            types = ",".join(held.types) or "*"
            told = (held.pk, held.agency_id, held.channel, held.target, types, rests)
            click.echo("\t".join(map(str, told)))
        return
    rows = Notice.objects.filter(state__in=[state] if state else ["waiting", "dead"])
    for row in rows.select_related("subscription").order_by("-id")[:1000]:
        told_ = (row.pk, row.state, row.attempts, row.subscription.target, row.trouble or "-")
        click.echo("\t".join(map(str, told_)))


@outbox.command()
@click.argument("notice_id")
def retry(notice_id: str) -> None:
    """Send a notice that was given up again."""
    start()
    from tapal.core.errors import Missing
    from tapal.flow import outbox as notices
    from tapal.flow.accounts import OPERATOR

    try:
        notices.retry(notice_id, by=OPERATOR)
    except Missing:
        refuse("no notice of this id was given up")
    click.echo("it waits to be sent")


@outbox.command("end")
@click.argument("subscription_id")
def end_(subscription_id: str) -> None:
    """Tell a target nothing more."""
    start()
    from tapal.core.errors import Missing
    from tapal.flow import outbox as notices
    from tapal.flow.accounts import OPERATOR

    try:
        notices.end(subscription_id, by=OPERATOR)
    except Missing:
        refuse("no subscription of this id holds")
    click.echo("it has ended")


@outbox.command()
@click.argument("subscription_id")
def secret(subscription_id: str) -> None:
    """Print the secret with which a subscription's webhooks are signed."""
    start()
    from django.core.exceptions import ValidationError

    from tapal.flow import outbox as notices
    from tapal.store.models import Subscription

    try:
        held = Subscription.objects.filter(pk=subscription_id, ended_at=None).first()
    except ValidationError:
        held = None
    if held is None:
        refuse("no subscription of this id holds")
    click.echo(notices.secret_of(held))


@outbox.command()
@click.argument("subscription_id")
def turn(subscription_id: str) -> None:
    """Give a subscription a new secret and print it; the old one holds for a day beside it."""
    start()
    from tapal.core.errors import Missing
    from tapal.flow import outbox as notices
    from tapal.flow.accounts import OPERATOR

    try:
        held = notices.turn_secret(subscription_id, by=OPERATOR)
    except Missing:
        refuse("no subscription by webhook of this id holds")
    click.echo(notices.secret_of(held))
