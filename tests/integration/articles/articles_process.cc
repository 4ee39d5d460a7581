#include "tests/integration/articles/articles_process.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"

namespace cityinfo::articles {

absl::Status ArticlesProcess::Start(std::vector<std::string> extra_args) {
  const std::string port_file = dir_.File("ports.json");
  std::filesystem::remove(port_file);
  std::vector<std::string> args = {absl::StrCat("--listen=127.0.0.1:", grpc_port_),
                                   absl::StrCat("--admin-listen=127.0.0.1:", admin_port_),
                                   absl::StrCat("--data-dir=", data_dir()),
                                   absl::StrCat("--port-file=", port_file), "--heartbeat=100ms"};
  args.insert(args.end(), extra_args.begin(), extra_args.end());
  auto process = testing::ChildProcess::Start(
      {.binary = testing::ProgramPath("cityinfo-articles"), .args = std::move(args)});
  if (!process.ok()) return process.status();
  process_ = *std::move(process);
  for (const auto& [name, port] :
       {std::pair{"grpc", &grpc_port_}, std::pair{"admin", &admin_port_}}) {
    CITY_ASSIGN_OR_RETURN(*port, testing::WaitForPort(port_file, name, *process_));
  }
  channel_ = rpc::MakeChannel(absl::StrCat("127.0.0.1:", grpc_port_));
  stub_ = v1::ArticleService::NewStub(channel_);
  return absl::OkStatus();
}

rpc::CallOptions ArticlesProcess::As(const std::string& role) {
  return {.deadline = absl::Now() + absl::Seconds(20),
          .principal = role.empty() ? "" : "yang",
          .role = role,
          .wait_for_ready = true};
}

std::string SamplePageText() {
  return "滨江步道全线贯通 居民散步少绕路\n\n"
         "通讯员 杨晓岚\n\n"
         "12月18日清晨，清水江畔的步道上已有不少晨练的居\n"
         "民。从这天起，全长12.6公里的滨江步道全线贯通。\n\n"
         "据市住建局介绍，步道沿线新建驿站8座，种植行道树\n"
         "3200株，总投资1.3亿元。沿江居民出门就能看见江水。\n\n"
         "老粮仓变身社区书房\n\n"
         "记者 龙文斌\n\n"
         "停用多年的老粮仓近日换了模样。经过四个月改造，\n"
         "一座面积680平方米的社区书房在这里开门迎客，藏书\n"
         "2.1万册，周末还有志愿者给孩子们讲故事。\n\n"
         "社区干部说，书房每天开放到晚上九点，居民凭身份证\n"
         "就可以借书，一次最多借五本。\n";
}

v1::ImportPageRequest SamplePage() {
  v1::ImportPageRequest request;
  request.set_text(SamplePageText());
  request.set_publication("样例晚报");
  request.mutable_publish_date()->set_year(2021);
  request.mutable_publish_date()->set_month(12);
  request.mutable_publish_date()->set_day(20);
  request.set_page("A2");
  request.set_place("522601");
  return request;
}

v1::CreateArticleRequest SampleArticle(int number) {
  v1::CreateArticleRequest request;
  v1::Article& article = *request.mutable_article();
  article.set_title(absl::StrCat("第", number, "条消息"));
  article.set_publication("样例晚报");
  article.mutable_publish_date()->set_year(2021);
  article.mutable_publish_date()->set_month(12);
  article.mutable_publish_date()->set_day(1 + number % 28);
  article.set_place("522600");
  article.add_blocks()->set_text(absl::StrCat("编号", number, "的一段正文。"));
  request.set_request_id(absl::StrCat("message-", number));
  request.set_publish(true);
  return request;
}

}  // namespace cityinfo::articles
