"""Applications, and what is kept of each step by which an agency comes on board."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import agencies.models.compliance


class Migration(migrations.Migration):
    """Add the tables."""

    dependencies = [
        ("agencies", "0010_parties_within_tiers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agency_name", models.CharField(max_length=200)),
                ("ori", models.CharField(blank=True, max_length=9, verbose_name="ORI")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipal", "Municipal police"),
                            ("county", "County sheriff or police"),
                            ("state", "State agency"),
                            ("tribal", "Tribal police"),
                            ("federal", "Federal agency"),
                            ("campus", "Campus police"),
                            ("school_district", "School district police"),
                            ("transit", "Transit police"),
                            ("fusion_center", "Fusion center"),
                            ("prosecutor", "Prosecutor"),
                            ("court", "Court"),
                            ("corrections", "Corrections"),
                            ("probation_parole", "Probation and parole"),
                            ("dispatch", "Dispatch"),
                            ("crime_lab", "Crime laboratory"),
                            ("medical_examiner", "Medical examiner"),
                            ("public_safety", "Public safety"),
                            ("community", "Community organization"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("legal_basis", models.TextField(blank=True)),
                ("parent", models.CharField(blank=True, max_length=200)),
                ("applicant", models.CharField(max_length=120)),
                ("title", models.CharField(blank=True, max_length=80)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "E-mail not verified"),
                            ("confirmed", "Waits for an administrator"),
                            ("opened", "Taken up"),
                            ("declined", "Declined"),
                        ],
                        default="sent",
                        max_length=10,
                    ),
                ),
                ("reason_code", models.CharField(blank=True, max_length=40)),
                ("sent_from", models.CharField(max_length=64)),
                (
                    "sent_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="agencies.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Arrangement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "duties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("release", "Release authority"),
                                ("compliance", "Compliance evidence"),
                                ("entry", "Data entry"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrangements",
                        to="agencies.agency",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provided_arrangements",
                        to="agencies.agency",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComplianceAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("topic", models.CharField(max_length=20)),
                (
                    "says",
                    models.CharField(
                        choices=[
                            ("met", "We meet this"),
                            ("covered", "Another agency does this for us, by agreement"),
                            ("not_met", "We do not meet this yet"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "answered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "Waits for review"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned: more is needed"),
                            ("failed", "Not met"),
                        ],
                        default="given",
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to=agencies.models.compliance.place_of)),
                (
                    "added_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="agencies.complianceanswer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Onboarding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sign_in", models.CharField(blank=True, max_length=12)),
                (
                    "shares",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("certified", models.PositiveSmallIntegerField(default=0)),
                ("pilot_ends_at", models.DateTimeField(blank=True, null=True)),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                ("recertify_by", models.DateTimeField(blank=True, null=True)),
                (
                    "began_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onboardings",
                        to="agencies.agency",
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="onboarding",
                        to="agencies.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("coordinator", "Agency coordinator"),
                            ("alternate_coordinator", "Alternate coordinator"),
                            ("liaison", "Primary liaison"),
                            ("alternate_liaison", "Alternate liaison"),
                        ],
                        max_length=22,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "onboarding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="agencies.onboarding",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="complianceanswer",
            name="onboarding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="agencies.onboarding",
            ),
        ),
        migrations.CreateModel(
            name="BoardVote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("admits", models.BooleanField()),
                ("note", models.TextField(blank=True)),
                (
                    "voted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "onboarding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="agencies.onboarding",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuthorityCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("called", "Called its published number"),
                            ("state", "Confirmed by the state's CJIS systems agency"),
                            ("partner", "Confirmed by an agency on board that knows it"),
                            ("letter", "Letter answered from its published address"),
                            ("in_person", "In person"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reached_at", models.CharField(max_length=120)),
                ("spoke_to", models.CharField(max_length=120)),
                ("note", models.TextField(blank=True)),
                (
                    "checked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "onboarding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authority_checks",
                        to="agencies.onboarding",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("signer", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=80)),
                ("signed_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="agencies.agreement",
                    ),
                ),
                (
                    "onboarding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="agencies.onboarding",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StandingChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("event", models.CharField(max_length=20)),
                ("was", models.CharField(max_length=20)),
                ("now", models.CharField(max_length=20)),
                ("reason_code", models.CharField(max_length=40)),
                ("text", models.TextField(blank=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_changes",
                        to="agencies.agency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TierAssignment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "was",
                    models.CharField(
                        choices=[
                            ("full", "Full"),
                            ("limited", "Limited"),
                            ("public_safety", "Public safety"),
                            ("community", "Community"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("full", "Full"),
                            ("limited", "Limited"),
                            ("public_safety", "Public safety"),
                            ("community", "Community"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "assigned_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tier_assignments",
                        to="agencies.agency",
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["email", "sent_at"], name="application_by_email"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["sent_from", "sent_at"], name="application_by_address"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state", "confirmed")),
                fields=["confirmed_at", "id"],
                name="application_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ori", ""), _negated=True),
                    models.Q(("legal_basis", ""), _negated=True),
                    _connector="OR",
                ),
                name="application_says_by_what_authority",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "sent"), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="application_goes_on_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrangement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("agency", "provider"),
                name="arrangement_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrangement",
            constraint=models.CheckConstraint(
                condition=models.Q(("agency", models.F("provider")), _negated=True),
                name="arrangement_between_two",
            ),
        ),
        migrations.AddIndex(
            model_name="onboarding",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["recertify_by"],
                name="onboarding_recertified_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="onboarding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("agency",),
                name="onboarding_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="onboarding",
            constraint=models.CheckConstraint(
                condition=models.Q(("certified__lte", models.F("cycle"))),
                name="onboarding_certified_what_was_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                fields=("onboarding", "duty"), name="contact_once_per_duty"
            ),
        ),
        migrations.AddConstraint(
            model_name="complianceanswer",
            constraint=models.UniqueConstraint(
                fields=("onboarding", "cycle", "topic"), name="compliance_answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="boardvote",
            constraint=models.UniqueConstraint(
                fields=("onboarding", "person"), name="board_vote_once"
            ),
        ),
        migrations.AddIndex(
            model_name="standingchange",
            index=models.Index(fields=["agency", "-made_at"], name="standing_change_of_agency"),
        ),
    ]
