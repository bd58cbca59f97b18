"""What the author of a form is told, in Khmer and English: the problem, and a way out. A catalogue.

A key is a code, or a code and a case of it after a colon. {name} is filled in by who notes it.
No native speaker has read the Khmer yet.
"""

from dataclasses import dataclass

from surveys.errors import FormError

CHOICES_SHEET = "Please write the choices on the choices sheet."
CHOICES_SHEET_KM = "សូមសរសេរជម្រើសក្នុងសន្លឹក choices។"
OTHER_TYPE = "Please use another type of question."
OTHER_TYPE_KM = "សូមប្រើប្រភេទសំណួរផ្សេង។"
NAME_QUESTION = "Please use the name of a question."
NAME_QUESTION_KM = "សូមប្រើឈ្មោះសំណួរមួយ។"


@dataclass(frozen=True, slots=True)
class Message:
    """A problem and a way out, in both languages; a way out can be missing."""

    en: str
    km: str
    way_out: str = ""
    way_out_km: str = ""


MESSAGES: dict[str, Message] = {
    "xml": Message("This isn't an XForm: {why}.", "នេះមិនមែនជា XForm ទេ៖ {why}។"),
    "instance": Message(
        "The form has no primary instance.", "ទម្រង់នេះគ្មានទិន្នន័យដើម (primary instance) ទេ។"
    ),
    "too_large": Message(
        "The form has more than {most} nodes.",
        "ទម្រង់នេះមានចំណុចទិន្នន័យលើសពី {most}។",
        "Please make it shorter.",
        "សូមធ្វើឱ្យវាខ្លីជាងនេះ។",
    ),
    "too_deep": Message(
        "Its elements stand in more than {most} others.",
        "ធាតុរបស់វាស្ថិតក្នុងគ្នាលើសពី {most} ជាន់។",
        "Please put fewer groups within groups.",
        "សូមដាក់ក្រុមក្នុងក្រុមឱ្យតិចជាងនេះ។",
    ),
    "empty": Message(
        "The form asks nothing.",
        "ទម្រង់នេះគ្មានសំណួរទេ។",
        "Please add a question.",
        "សូមបន្ថែមសំណួរមួយ។",
    ),
    "attachment": Message(
        "the file {what} can't be read: {why}.",
        "មិនអាចអានឯកសារ {what} បានទេ៖ {why}។",
        "Please attach the file, or write the choices on the choices sheet.",
        "សូមភ្ជាប់ឯកសារ ឬសរសេរជម្រើសក្នុងសន្លឹក choices។",
    ),
    "attachment:list": Message(
        "the list {what} isn't in the form.",
        "បញ្ជី {what} មិនមានក្នុងទម្រង់ទេ។",
        "Please use the name of a list or an attached file.",
        "សូមប្រើឈ្មោះបញ្ជី ឬឯកសារដែលបានភ្ជាប់។",
    ),
    "expression": Message(
        "“{what}” can't be computed: {why}.",
        "មិនអាចគណនា “{what}” បានទេ៖ {why}។",
        "Please correct the expression.",
        "សូមកែរូបមន្តនេះ។",
    ),
    "reference": Message(
        "{what} isn't in the form.", "{what} មិនមានក្នុងទម្រង់ទេ។", NAME_QUESTION, NAME_QUESTION_KM
    ),
    "reference:control": Message(
        "The control at {what} has no node.",
        "សំណួរនៅ {what} គ្មានកន្លែងទិន្នន័យទេ។",
        NAME_QUESTION,
        NAME_QUESTION_KM,
    ),
    "cycle": Message(
        "these depend on each other in a circle: {what}.",
        "ចំណុចទាំងនេះអាស្រ័យគ្នាជារង្វង់៖ {what}។",
        "Please break the circle.",
        "សូមផ្តាច់រង្វង់នេះ។",
    ),
    "choices": Message(
        "its choices aren't in the form.",
        "ជម្រើសរបស់វាមិនមានក្នុងទម្រង់ទេ។",
        CHOICES_SHEET,
        CHOICES_SHEET_KM,
    ),
    "choices:blank": Message(
        "a choice's name has a blank.",
        "ឈ្មោះជម្រើសមួយមានចន្លោះ។",
        "Please remove it.",
        "សូមលុបចន្លោះនោះ។",
    ),
    "choices:expression": Message(
        "its choices can't be read: {why}.",
        "មិនអាចអានជម្រើសរបស់វាបានទេ៖ {why}។",
        CHOICES_SHEET,
        CHOICES_SHEET_KM,
    ),
    "type:geotrace": Message(
        "a line on a map can't be drawn in a chat.",
        "មិនអាចគូសបន្ទាត់លើផែនទីក្នុងការជជែកបានទេ។",
        OTHER_TYPE,
        OTHER_TYPE_KM,
    ),
    "type:geoshape": Message(
        "a shape on a map can't be drawn in a chat.",
        "មិនអាចគូសរូបរាងលើផែនទីក្នុងការជជែកបានទេ។",
        OTHER_TYPE,
        OTHER_TYPE_KM,
    ),
    "type:application": Message(
        "another application can't be opened in a chat.",
        "មិនអាចបើកកម្មវិធីផ្សេងក្នុងការជជែកបានទេ។",
        OTHER_TYPE,
        OTHER_TYPE_KM,
    ),
    "action:setgeopoint": Message(
        "a place can't be recorded without the person's doing.",
        "មិនអាចកត់ទីតាំងដោយមិនឱ្យគេដឹងបានទេ។",
        "Please remove it, or ask a question.",
        "សូមលុបវា ឬសួរជាសំណួរ។",
    ),
    "action:recordaudio": Message(
        "sound can't be recorded in the background.",
        "មិនអាចថតសំឡេងដោយស្ងាត់បានទេ។",
        "Please remove it, or ask a question.",
        "សូមលុបវា ឬសួរជាសំណួរ។",
    ),
    "preload": Message(
        "this isn't recorded in a chat and stays blank.",
        "ចំណុចនេះមិនត្រូវបានកត់ត្រាក្នុងការជជែកទេ ហើយនៅទទេ។",
        "The bot keeps its own times. Please don't use it in other questions.",
        "បុតកត់ពេលវេលាដោយខ្លួនឯង។ សូមកុំប្រើវាក្នុងសំណួរផ្សេង។",
    ),
    "encryption": Message(
        "Answers of this form are to be encrypted with a key of the form's own.",
        "ចម្លើយនៃទម្រង់នេះត្រូវអ៊ិនគ្រីបដោយសោរបស់ទម្រង់។",
        "Please remove public_key: the bot keeps answers safe itself.",
        "សូមលុប public_key៖ បុតរក្សាចម្លើយដោយសុវត្ថិភាពខ្លួនឯង។",
    ),
    "warning.preload": Message(
        "this isn't recorded in a chat and stays blank.",
        "ចំណុចនេះមិនត្រូវបានកត់ត្រាក្នុងការជជែកទេ ហើយនៅទទេ។",
        "The bot keeps its own times. Please don't use it in other questions.",
        "បុតកត់ពេលវេលាដោយខ្លួនឯង។ សូមកុំប្រើវាក្នុងសំណួរផ្សេង។",
    ),
    "chat.file": Message(
        "the file {what} isn't there, or is larger than 5 MB.",
        "ឯកសារ {what} មិនមានទេ ឬធំជាង 5 MB។",
        "Please put it into the folder FORM-media beside the form.",
        "សូមដាក់វាក្នុងថត FORM-media នៅជាប់ទម្រង់។",
    ),
    "chat.file:kind": Message(
        "the file {what} can't be sent in a chat.",
        "មិនអាចផ្ញើឯកសារ {what} ក្នុងការជជែកបានទេ។",
        "Please use one of these: {kinds}.",
        "សូមប្រើប្រភេទណាមួយក្នុងចំណោមនេះ៖ {kinds}។",
    ),
    "warning.media": Message(
        "its film isn't shown.",
        "វីដេអូរបស់វាមិនត្រូវបានបង្ហាញទេ។",
        "Please say in words what it shows.",
        "សូមពណ៌នាវាជាពាក្យ។",
    ),
    "warning.entities": Message(
        "no entities are made of the answers.",
        "គ្មាន entity ណាត្រូវបានបង្កើតពីចម្លើយទេ។",
        "Please make them in ODK Central, from the export.",
        "សូមបង្កើតវានៅក្នុង ODK Central ពីទិន្នន័យដែលនាំចេញ។",
    ),
    "warning.calculate": Message(
        "it is computed, so its label is shown and nothing is asked.",
        "វាត្រូវបានគណនា ដូច្នេះមានតែស្លាកត្រូវបានបង្ហាញ ហើយគ្មានអ្វីត្រូវបានសួរទេ។",
        "Please make it a calculate, or remove the calculation.",
        "សូមធ្វើវាជា calculate ឬលុបការគណនា។",
    ),
    "warning.translation": Message(
        "the {what} isn't translated to {language}.",
        "{what} មិនទាន់បានបកប្រែជា {language} ទេ។",
        "Please fill {column}::… ({language}).",
        "សូមបំពេញ {column}::… ({language})។",
    ),
    # pyxform's own words, which are English, behind a sentence of ours.
    "xlsform": Message(
        "{text}",
        "ទម្រង់នេះប្រើមិនបានទេ៖ {text}",
        "Please mend it there and check again.",
        "សូមកែត្រង់កន្លែងនេះ រួចពិនិត្យម្តងទៀត។",
    ),
    "warning.xlsform": Message(
        "{text}",
        "សូមពិនិត្យ៖ {text}",
        "The form can be used all the same.",
        "អាចប្រើទម្រង់នេះបាន ទោះបីមិនកែក៏ដោយ។",
    ),
    "unreadable": Message(
        "The file can't be read as an XLSForm ({what}).",
        "មិនអាចអានឯកសារនេះជា XLSForm បានទេ ({what})។",
        "Please save it as .xlsx, or as a Markdown table with survey, choices and settings.",
        "សូមរក្សាទុកជា .xlsx ឬជាតារាង Markdown ដែលមាន survey, choices និង settings។",
    ),
    "missing": Message(
        "There is no file {name}.",
        "គ្មានឯកសារ {name} ទេ។",
        "Please check its name.",
        "សូមពិនិត្យឈ្មោះរបស់វា។",
    ),
    "too_large:file": Message(
        "The file is larger than 5 MB.",
        "ឯកសារនេះធំជាង 5 MB។",
        "Please make it smaller.",
        "សូមធ្វើឱ្យវាតូចជាងនេះ។",
    ),
    "too_large:unpacked": Message(
        "Unpacked, the file is far too large.",
        "ពេលពន្លា ឯកសារនេះធំពេក។",
        "Please save it anew from the program it was made with.",
        "សូមរក្សាទុកវាម្តងទៀតពីកម្មវិធីដែលបានបង្កើតវា។",
    ),
    "conversion": Message(
        "The file took too long to read.",
        "ការអានឯកសារនេះចំណាយពេលយូរពេក។",
        "Please make it smaller.",
        "សូមធ្វើឱ្យវាតូចជាងនេះ។",
    ),
    "unreadable:workbook": Message(
        "The file isn't a workbook, whatever its name says.",
        "ឯកសារនេះមិនមែនជាសៀវភៅ Excel ទេ ទោះបីឈ្មោះរបស់វាយ៉ាងណាក៏ដោយ។",
        "Please save the form as .xlsx and send it again.",
        "សូមរក្សាទុកទម្រង់ជា .xlsx រួចផ្ញើម្តងទៀត។",
    ),
    "macros": Message(
        "The workbook holds macros.",
        "សៀវភៅ Excel នេះមាន macro។",
        "Please save it without macros, as .xlsx.",
        "សូមរក្សាទុកវាដោយគ្មាន macro ជា .xlsx។",
    ),
    "too_large:rows": Message(
        "The sheet {sheet_name} has more than {most} rows.",
        "សន្លឹក {sheet_name} មានលើសពី {most} ជួរ។",
        "Please make it shorter.",
        "សូមធ្វើឱ្យវាខ្លីជាងនេះ។",
    ),
    "too_large:columns": Message(
        "The sheet {sheet_name} has more than {most} columns.",
        "សន្លឹក {sheet_name} មានលើសពី {most} ជួរឈរ។",
        "Please remove those that a form doesn't need.",
        "សូមលុបជួរឈរដែលទម្រង់មិនត្រូវការ។",
    ),
    "form_id": Message(
        "The form has no form_id that can be used.",
        "ទម្រង់នេះគ្មាន form_id ដែលអាចប្រើបានទេ។",
        "Please write one on the settings sheet: letters, digits, _ and -, 48 at most.",
        "សូមសរសេរវាក្នុងសន្លឹក settings៖ អក្សរឡាតាំង លេខ _ និង - មិនលើសពី ៤៨។",
    ),
    "form_id:ours": Message(
        "“{what}” is a form of the bot's own, which can't be replaced by a file.",
        "“{what}” ជាទម្រង់ផ្ទាល់របស់បុត មិនអាចជំនួសដោយឯកសារបានទេ។",
        "Please give your form another form_id.",
        "សូមដាក់ form_id ផ្សេងឱ្យទម្រង់របស់អ្នក។",
    ),
    "version": Message(
        "The form has no version that can be used.",
        "ទម្រង់នេះគ្មាន version ដែលអាចប្រើបានទេ។",
        "Please write one on the settings sheet, such as 2026112601.",
        "សូមសរសេរវាក្នុងសន្លឹក settings ឧទាហរណ៍ 2026112601។",
    ),
    "version:published": Message(
        "Version {what} of this form is published already and never changes.",
        "version {what} នៃទម្រង់នេះបានផ្សព្វផ្សាយរួចហើយ ហើយមិនផ្លាស់ប្តូរទេ។",
        "Please raise version on the settings sheet.",
        "សូមដំឡើង version ក្នុងសន្លឹក settings។",
    ),
    "version:taken": Message(
        "Somebody else has a draft of version {what} of this form.",
        "មានអ្នកផ្សេងមានសេចក្តីព្រាងនៃ version {what} របស់ទម្រង់នេះរួចហើយ។",
        "Please raise version on the settings sheet, or ask them to withdraw theirs.",
        "សូមដំឡើង version ក្នុងសន្លឹក settings ឬសុំឱ្យគេដកសេចក្តីព្រាងនោះ។",
    ),
    "failed": Message(
        "The file couldn't be taken up, by a fault of the program's.",
        "មិនអាចទទួលយកឯកសារនេះបានទេ ដោយសារកំហុសនៃកម្មវិធី។",
        "Please tell whoever looks after the bot.",
        "សូមប្រាប់អ្នកដែលថែទាំបុត។",
    ),
    "fetching": Message(
        "Telegram didn't give us the file.",
        "Telegram មិនបានឱ្យឯកសារនេះមកយើងទេ។",
        "Please send it again.",
        "សូមផ្ញើវាម្តងទៀត។",
    ),
    "release.file": Message(
        "the file {what} isn't there yet.",
        "ឯកសារ {what} មិនទាន់មានទេ។",
        "Please send it as a file.",
        "សូមផ្ញើវាជាឯកសារ។",
    ),
    "release.language": Message(
        "The form has no texts in this language: {language}.",
        "ទម្រង់នេះគ្មានអត្ថបទជាភាសានេះទេ៖ {language}។",
        "Please add columns such as label::Khmer (km) and label::English (en).",
        "សូមបន្ថែមជួរឈរដូចជា label::Khmer (km) និង label::English (en)។",
    ),
    "release.translation": Message(
        "the {what} isn't translated to {language}.",
        "{what} មិនទាន់បានបកប្រែជា {language} ទេ។",
        "Please fill {column}::… ({language}).",
        "សូមបំពេញ {column}::… ({language})។",
    ),
    "release.sensitive:party": Message(
        "it names a political party or voting: “{what}”.",
        "វានិយាយពីគណបក្សនយោបាយ ឬការបោះឆ្នោត៖ “{what}”។",
        "Please ask without it: it could harm whoever answers.",
        "សូមសួរដោយគ្មានពាក្យនេះ៖ វាអាចធ្វើឱ្យអ្នកឆ្លើយមានគ្រោះថ្នាក់។",
    ),
    "release.sensitive:land": Message(
        "it asks about land cases: “{what}”.",
        "វាសួរអំពីរឿងដីធ្លី៖ “{what}”។",
        "Please ask without it: it could harm whoever answers.",
        "សូមសួរដោយគ្មានពាក្យនេះ៖ វាអាចធ្វើឱ្យអ្នកឆ្លើយមានគ្រោះថ្នាក់។",
    ),
    "release.sensitive:person": Message(
        "it names a person, or by a title: “{what}”.",
        "វាដាក់ឈ្មោះ ឬគោរមងាររបស់បុគ្គល៖ “{what}”។",
        "Please name an office instead of a person.",
        "សូមសរសេរឈ្មោះស្ថាប័នជំនួសឈ្មោះបុគ្គល។",
    ),
    "warning.regex": Message(
        "the pattern “{what}” also accepts longer answers.",
        "លំនាំ “{what}” ក៏ទទួលយកចម្លើយវែងជាងនេះដែរ។",
        "Please begin it with ^ and end it with $.",
        "សូមចាប់ផ្តើមវាដោយ ^ ហើយបញ្ចប់ដោយ $។",
    ),
}


def form_error(
    key: str, at: str = "", sheet: str | None = None, column: str | None = None, **values: object
) -> FormError:
    """Return a problem in both languages; `at` is the path of a node, or list/value of a choice."""
    message = MESSAGES[key]
    name = at if sheet == "choices" else at.rsplit("/", 1)[-1]
    place = sheet or ("survey" if at else None)
    mark = f"“{name}”: " if name else ""
    values["column"] = column
    return FormError(
        key.partition(":")[0],
        mark + message.en.format(**values),
        message.way_out.format(**values),
        place,
        None,
        column,
        mark + message.km.format(**values),
        message.way_out_km.format(**values),
    )
