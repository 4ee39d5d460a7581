#include "services/articles/rpc/page_handlers.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/domain/place_code.h"
#include "services/articles/rpc/caller.h"
#include "services/articles/rpc/conversion.h"

namespace cityinfo::articles {
namespace {

// What the request says about the page, checked; the text and the articles still missing.
absl::StatusOr<PageImport> ParsePage(const v1::ImportPageRequest& request) {
  PageImport page{.publication = request.publication(),
                  .publish_date = DateFromProto(request.publish_date()),
                  .label = request.page(),
                  .publish = request.publish()};
  CITY_RETURN_IF_ERROR(
      ValidateLine(page.publication, "publication", kMaxPublicationCodePoints, /*required=*/true));
  CITY_RETURN_IF_ERROR(ValidateDay(page.publish_date, "publish_date"));
  CITY_RETURN_IF_ERROR(
      ValidateLine(page.label, "page", kMaxPageLabelCodePoints, /*required=*/false));
  CITY_ASSIGN_OR_RETURN(page.place, ParsePlaceCode(request.place(), "place"));
  return page;
}

// Says of every article what the importer knows of the page, and checks that it can be stored.
absl::Status CompleteArticles(PageImport* page) {
  int number = 0;
  for (ArticleContent& content : page->articles) {
    ++number;
    content.publication = page->publication;
    content.publish_date = page->publish_date;
    if (!page->label.empty()) content.page = page->label;
    content.place = page->place;
    if (const absl::Status valid = ValidateContent(content, ""); !valid.ok()) {
      return base::InvalidArgument(
          "text",
          absl::StrCat("article ", number, " of the page cannot be stored: ", valid.message()),
          "ARTICLE_NOT_STORABLE");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ArticleContent>> PageHandlers::Split(const std::string& text) const {
  CITY_RETURN_IF_ERROR(ValidatePageText(text));
  std::vector<ArticleContent> articles = splitter_(text);
  if (articles.empty()) {
    return base::InvalidArgument("text",
                                 "holds no article: no title followed by running text was found",
                                 "NO_ARTICLE_FOUND");
  }
  return articles;
}

absl::StatusOr<v1::ImportPageResponse> PageHandlers::ImportPage(
    const rpc::RequestContext& context, const v1::ImportPageRequest& request) {
  const Caller caller = CallerOf(context);
  CITY_RETURN_IF_ERROR(RequireEditor(caller, "import pages"));
  CITY_RETURN_IF_ERROR(ValidatePageText(request.text()));
  CITY_ASSIGN_OR_RETURN(PageImport page, ParsePage(request));
  CITY_ASSIGN_OR_RETURN(page.articles, Split(request.text()));
  CITY_RETURN_IF_ERROR(CompleteArticles(&page));
  v1::ImportPageResponse response;
  if (request.validate_only()) {
    for (const ArticleContent& content : page.articles) ToProto(content, response.add_articles());
    return response;
  }
  page.text = request.text();
  page.author = caller.name;
  CITY_ASSIGN_OR_RETURN(const ImportedPage imported, store_.ImportPage(page, context.deadline));
  response.set_page(absl::StrCat("pages/", imported.page_id));
  response.set_already_imported(imported.already_imported);
  for (const Article& article : imported.articles) ToProto(article, response.add_articles());
  log::Info("page imported", {{"page", imported.page_id},
                              {"articles", imported.articles.size()},
                              {"already_imported", imported.already_imported}});
  return response;
}

absl::StatusOr<v1::SplitPageResponse> PageHandlers::SplitPage(const rpc::RequestContext&,
                                                              const v1::SplitPageRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::vector<ArticleContent> articles, Split(request.text()));
  v1::SplitPageResponse response;
  for (const ArticleContent& content : articles) ToProto(content, response.add_articles());
  return response;
}

}  // namespace cityinfo::articles
