"""The fields of each kind of item, with the other names under which programs send them."""

from __future__ import annotations

from collections.abc import Mapping

from cases.fields.checks import (
    Check,
    birth,
    code,
    day,
    flag,
    line,
    lines,
    moment,
    number,
    prose,
    whole,
)
from cases.fields.identifiers import phone, plate, region, serial, vin
from cases.models import Item
from cases.wording import NARRATIVE, PARAGRAPH

Kind = Item.Kind

EVERY: Mapping[str, Check] = {
    "description": prose(PARAGRAPH),
    "source": line(),
    "collected_on": day,
    "reliability": code("source_reliability"),
    "credibility": code("information_credibility"),
    "not_criminal": flag,
}
"""Fields of every kind; ``not_criminal`` marks who is no suspect (28 CFR 23)."""

PERSON: Mapping[str, Check] = {
    "surname": line(),
    "given": line(),
    "middle": line(),
    "suffix": line(20),
    "aliases": lines(),
    "monikers": lines(),
    "dob": birth,
    "age_from": whole(0, 130),
    "age_to": whole(0, 130),
    "sex": code("sexes"),
    "race": code("races"),
    "ethnicity": code("ethnicities"),
    "height": line(20),
    "weight": line(20),
    "eyes": line(20),
    "hair": line(40),
    "facial_hair": line(80),
    "build": line(40),
    "marks": lines(),
    "sid": serial,
    "ucn": serial,
    "oln": serial,
    "oln_state": region,
    "cautions": lines(),
    "deceased": flag,
    "language": line(40),
    "address": line(300),
    "phone": phone,
    "identified_how": code("identified_how"),
}
VEHICLE: Mapping[str, Check] = {
    "vin": vin,
    "plate": plate,
    "plate_state": region,
    "plate_year": whole(1900, 2100),
    "plate_type": line(20),
    "plate_seen": line(20),
    "make": line(40),
    "model": line(40),
    "year": whole(1880, 2100),
    "style": line(40),
    "color": line(40),
    "color_second": line(40),
    "damage": line(),
    "registered_owner": line(),
}
PLACE: Mapping[str, Check] = {
    "address": line(300),
    "number": line(20),
    "street": line(),
    "unit": line(20),
    "city": line(),
    "state": line(40),
    "zip": line(20),
    "country": line(40),
    "lat": number(-90, 90),
    "lon": number(-180, 180),
    "datum": line(20),
    "precision": code("place_precisions"),
    "location_type": line(40),
    "beat": line(40),
    "address_protected": flag,
}
EVENT: Mapping[str, Check] = {
    "from": moment,
    "to": moment,
    "time_precision": code("time_precisions"),
    "time_zone": line(40),
    "offense": line(),
    "call": line(),
    "outcome": line(),
    "location_type": line(40),
    "method_of_entry": line(40),
    "premises_entered": whole(0, 999),
    "weapons": lines(),
    "actions": lines(),
    "bias": line(40),
}
PROPERTY: Mapping[str, Check] = {
    "category": line(80),
    "status": code("property_statuses"),
    "make": line(80),
    "model": line(80),
    "type": line(80),
    "caliber": line(40),
    "serial": serial,
    "owner_number": serial,
    "nic": serial,
    "pawn_ticket": serial,
    "quantity": number(0, 1e9),
    "unit": line(20),
    "value": number(0, 1e12),
    "value_basis": line(80),
    "owner": line(),
}
PHONE: Mapping[str, Check] = {
    "number": phone,
    "extension": line(20),
    "type": code("phone_types"),
    "carrier": line(80),
    "imei": serial,
    "imsi": serial,
    "used_from": moment,
    "used_to": moment,
    "subscriber": line(),
    "user": line(),
    "legal_source": code("legal_sources"),
}
ACCOUNT: Mapping[str, Check] = {
    "platform": line(80),
    "handle": line(),
    "account_id": line(),
    "display_name": line(),
    "url": line(500),
    "email": line(254),
    "used_from": moment,
    "used_to": moment,
    "legal_source": code("legal_sources"),
}
ORGANIZATION: Mapping[str, Check] = {
    "name": line(),
    "aliases": lines(),
    "type": line(80),
    "address": line(300),
    "phone": phone,
    "url": line(500),
    "registration": serial,
}
DOCUMENT: Mapping[str, Check] = {
    "number": line(80),
    "author": line(),
    "dated": day,
    "text": prose(NARRATIVE),
    "url": line(500),
}
NOTE: Mapping[str, Check] = {"text": prose(NARRATIVE)}

FIELDS: Mapping[str, Mapping[str, Check]] = {
    Kind.PERSON: PERSON,
    Kind.ORGANIZATION: ORGANIZATION,
    Kind.VEHICLE: VEHICLE,
    Kind.PLACE: PLACE,
    Kind.EVENT: EVENT,
    Kind.PROPERTY: PROPERTY,
    Kind.PHONE: PHONE,
    Kind.ACCOUNT: ACCOUNT,
    Kind.DOCUMENT: DOCUMENT,
    Kind.NOTE: NOTE,
}

ALSO_KNOWN_AS: Mapping[str, Mapping[str, str]] = {
    Kind.PERSON: {
        "last_name": "surname",
        "family_name": "surname",
        "first_name": "given",
        "given_name": "given",
        "middle_name": "middle",
        "date_of_birth": "dob",
        "hgt": "height",
        "wgt": "weight",
        "eye": "eyes",
        "hai": "hair",
        "smt": "marks",
        "fbi": "ucn",
        "oln_st": "oln_state",
    },
    Kind.VEHICLE: {
        "lic": "plate",
        "license": "plate",
        "license_plate": "plate",
        "lis": "plate_state",
        "state": "plate_state",
        "liy": "plate_year",
        "lit": "plate_type",
        "vma": "make",
        "vmo": "model",
        "vyr": "year",
        "vst": "style",
        "vco": "color",
        "colour": "color",
    },
    Kind.PLACE: {
        "latitude": "lat",
        "longitude": "lon",
        "lng": "lon",
        "postcode": "zip",
        "postal_code": "zip",
    },
    Kind.EVENT: {"start": "from", "end": "to", "offence": "offense", "precision": "time_precision"},
    Kind.PROPERTY: {"serial_number": "serial", "oan": "owner_number", "calibre": "caliber"},
    Kind.PHONE: {"e164": "number", "phone": "number", "used_by": "user"},
    Kind.ACCOUNT: {"id": "account_id", "username": "handle", "e_mail": "email"},
    Kind.DOCUMENT: {"body": "text", "date": "dated"},
    Kind.NOTE: {"body": "text"},
}
"""NCIC's codes and everyday spellings, for what the table calls otherwise."""
