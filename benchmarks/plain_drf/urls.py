"""The URLs of the textbook API."""

from rest_framework.routers import SimpleRouter

from benchmarks.plain_drf.views import CustomerViewSet

router = SimpleRouter()
router.register("customers", CustomerViewSet)
urlpatterns = router.urls
