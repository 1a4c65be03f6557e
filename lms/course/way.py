"""The way through a course: what follows each lesson, and what follows an assessment."""

from lms.course.model import Assessment, Course, Lesson


def after_lesson(course: Course, lesson: Lesson) -> Lesson | Assessment | None:
    """After a unit's last lesson its assessment, else the next lesson; after all of them the final assessment."""
    unit = next(unit for unit in course.units if unit.id == lesson.unit)
    if unit.assessment and unit.lessons[-1].id == lesson.id:
        return unit.assessment
    following = course.lessons[course.lessons.index(lesson) + 1 :]
    return following[0] if following else course.final


def after_assessment(course: Course, assessment: Assessment) -> Assessment | None:
    """The final assessment, after that of the last unit with lessons; None after any other."""
    return course.final if course.final and assessment.unit == course.lessons[-1].unit else None
