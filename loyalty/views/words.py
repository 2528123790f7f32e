"""What a name that is being typed into the builder may mean."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loyalty import clock, segmentation
from loyalty.htmx import HtmxRequest
from loyalty.refusal import Refused
from loyalty.segmentation import words


@require_safe
def segment_words(request: HtmxRequest) -> HttpResponse:
    """The first few words of a kind (`of`) for what was typed into a field of the builder (`field`)."""
    of, field = request.GET.get("of", "category"), request.GET.get("field", "")
    if of not in words.KINDS:
        raise Http404
    try:
        book = words.book(of, segmentation.current_profiles(on=clock.today()))
    except Refused as no_profiles:
        raise Http404 from no_profiles
    typed = request.GET.get(field, "").strip()
    told = {
        "found": book.found(typed),
        "typed": typed,
        "path": field.partition(":")[0],
        "verb": "store" if of == "store" else "name",
    }
    return render(request, "loyalty/_found.html", told)
