from django import forms
from django.core.files.uploadedfile import UploadedFile

from config.kinds import TARGETS
from config.uploads import MOST_BYTES


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="What it holds",
        choices=[("", "Choose …"), *((name, name.capitalize()) for name in TARGETS)],
        error_messages={"required": "Choose what the file holds."},
    )
    file = forms.FileField(
        label="File",
        help_text="CSV (UTF-8, with a first line that names the columns; .gz too) or Parquet.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty: choose one with rows in it."},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                "Files over 1 GB are loaded on the command line: ask an administrator to run manage.py load."
            )
        return file
