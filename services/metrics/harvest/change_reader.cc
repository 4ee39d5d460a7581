#include "services/metrics/harvest/change_reader.h"

#include <exception>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/date.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/event_from_extraction.h"
#include "services/metrics/domain/figure_from_extraction.h"
#include "services/metrics/harvest/article_text.h"

namespace cityinfo::metrics {
namespace {

absl::StatusOr<base::Date> PublishDate(const articles::v1::Article& article) {
  const base::Date date{.year = article.publish_date().year(),
                        .month = article.publish_date().month(),
                        .day = article.publish_date().day()};
  if (!base::IsValidDate(date)) {
    return base::InvalidArgument("article.publish_date",
                                 absl::StrCat(base::FormatDate(date), " is not a calendar day"),
                                 "INVALID_DATE");
  }
  return date;
}

absl::Status CheckNamed(const articles::v1::ArticleChange& entry) {
  const articles::v1::Article& article = entry.article();
  if (article.name().empty()) {
    return base::InvalidArgument("article.name", "is empty");
  }
  // Of a purged article no revision is left.
  if (article.revision() < 1 && !entry.purged()) {
    return base::InvalidArgument("article.revision",
                                 absl::StrCat(article.revision(), " is not one"));
  }
  return absl::OkStatus();
}

// An extractor never fails by contract. Should it, one article must not take the service down.
template <typename Found>
absl::StatusOr<std::vector<Found>> RunExtractor(
    const std::function<std::vector<Found>(absl::string_view, const ExtractionContext&)>& extractor,
    const std::string& text, const ExtractionContext& context) {
  try {
    return extractor(text, context);
  } catch (const std::exception& failure) {
    return base::WithDetail(
        base::Internal("EXTRACTION_FAILED", "the figures of this article could not be read"),
        failure.what());
  }
}

// Fills in where the sentence was printed; its place in the text is set already.
void DescribeSource(const articles::v1::Article& article, base::Date publish_date,
                    Citation& citation) {
  citation.article = article.name();
  citation.revision = article.revision();
  citation.article_title = article.title();
  citation.publication = article.publication();
  citation.publish_date = publish_date;
  citation.page = article.page();
}

}  // namespace

ChangeReader::ChangeReader(const Catalogue& catalogue, FigureExtractor figures,
                           EventExtractor events)
    : catalogue_(catalogue), figures_(std::move(figures)), events_(std::move(events)) {}

absl::StatusOr<ReadChange> ChangeReader::Read(const articles::v1::ArticleChange& entry,
                                              std::int64_t feed_position) const {
  const articles::v1::Article& article = entry.article();
  CITY_RETURN_IF_ERROR(CheckNamed(entry));
  ReadChange read{.change = WithoutFigures(entry, feed_position)};
  if (article.state() != articles::v1::PUBLISHED || entry.purged()) return read;

  CITY_ASSIGN_OR_RETURN(const base::Date publish_date, PublishDate(article));
  const ArticleText text(article);
  const ExtractionContext context{
      .publish_date = Period::Day(publish_date.year, publish_date.month, publish_date.day),
      .place_code = article.place(),
      .catalogue = &catalogue_};
  CITY_ASSIGN_OR_RETURN(const std::vector<ExtractedFigure> extracted,
                        RunExtractor(figures_, text.text(), context));
  CITY_ASSIGN_OR_RETURN(const std::vector<ExtractedEvent> told,
                        RunExtractor(events_, text.text(), context));

  read.change.published = true;
  for (const ExtractedFigure& found : extracted) {
    Figure figure = FigureFromExtraction(found, catalogue_, publish_date);
    if (!text.Anchor(figure.citation)) {
      ++read.uncitable_figures;
      continue;
    }
    DescribeSource(article, publish_date, figure.citation);
    read.change.figures.push_back(std::move(figure));
  }
  AssignFigureIds(article.name(), read.change.figures);
  for (const ExtractedEvent& found : told) {
    Event event = EventFromExtraction(found, publish_date);
    if (!text.Anchor(event.citation)) continue;
    DescribeSource(article, publish_date, event.citation);
    read.change.events.push_back(std::move(event));
  }
  AssignEventIds(article.name(), read.change.events);
  return read;
}

ArticleChange ChangeReader::WithoutFigures(const articles::v1::ArticleChange& entry,
                                           std::int64_t feed_position) {
  return {.feed_position = feed_position,
          .article = entry.article().name(),
          .revision = entry.article().revision(),
          .published = false};
}

absl::StatusOr<std::int64_t> ChangeReader::ParsePosition(absl::string_view resume_token) {
  if (resume_token.empty()) return 0;
  std::int64_t position = 0;
  if (!absl::SimpleAtoi(resume_token, &position) || position < 0) {
    return base::InvalidArgument(
        "resume_token", absl::StrCat("\"", resume_token, "\" is not a position of the feed"),
        "INVALID_RESUME_TOKEN");
  }
  return position;
}

}  // namespace cityinfo::metrics
