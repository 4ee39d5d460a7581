#include "services/articles/storage/request_fingerprint.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"

namespace cityinfo::articles {
namespace {

// Every part comes with its length, so that no two sequences of parts give the same bytes.
template <typename... Parts>
std::string Digest(absl::string_view method, const Parts&... parts) {
  std::string bytes;
  const auto add = [&](absl::string_view part) { absl::StrAppend(&bytes, part.size(), ":", part); };
  (add(parts), ...);
  return absl::StrCat(method, ":", base::Sha256Hex(bytes));
}

std::string TextOf(const std::optional<absl::Time>& time) {
  return time ? absl::StrCat(absl::ToUnixMicros(*time)) : "";
}

// Which fields a patch names, as bits; what it says in them is in the content.
std::string FieldsOf(const ContentPatch& patch) {
  std::string fields;
  for (const bool given :
       {patch.title.has_value(), patch.subtitle.has_value(), patch.byline.has_value(),
        patch.section.has_value(), patch.tags.has_value(), patch.publication.has_value(),
        patch.publish_date.has_value(), patch.page.has_value(), patch.place.has_value(),
        patch.blocks.has_value()}) {
    fields.push_back(given ? '1' : '0');
  }
  return fields;
}

absl::string_view MethodOf(Transition transition) {
  switch (transition) {
    case Transition::kPublish:
      return "publish";
    case Transition::kUnpublish:
      return "unpublish";
    case Transition::kDelete:
      return "delete";
    case Transition::kUndelete:
      return "undelete";
  }
  return "change";
}

}  // namespace

// As it was stored before the other methods had request ids: a request that is sent again after an
// upgrade is still known.
std::string FingerprintOf(const NewArticle& request) {
  return absl::StrCat(ContentFingerprint(request.content), request.publish ? "+published" : "");
}

std::string FingerprintOf(const ArticleUpdate& request) {
  return Digest("update", request.id, request.etag, FieldsOf(request.patch),
                ContentFingerprint(ApplyPatch(request.patch, {})));
}

std::string FingerprintOf(const ArticleRollback& request) {
  return Digest("rollback", request.id, request.etag, absl::StrCat(request.revision));
}

std::string FingerprintOf(const StateChange& request) {
  return Digest(MethodOf(request.transition), request.id, request.etag,
                TextOf(request.publish_time), TextOf(request.unpublish_time));
}

}  // namespace cityinfo::articles
