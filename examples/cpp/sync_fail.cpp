// A `sales.StockSync.syncFail` (库存同步失败) with wdt.hpp, from arguments to a reply. Sends nothing.
//
//   c++ -std=c++17 sync_fail.cpp -o sync_fail $(pkg-config --cflags --libs wdt)
#include <cstdlib>
#include <iostream>
#include <string>

#include <wdt.hpp>

// Real ones come from the environment, never from the source.
static std::string from_env(const char *name, const char *otherwise) {
  const char *value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// A message in the language that the environment asks for.
static const std::string &shown(const wdt::issue &issue) {
  return wdt::speaks_chinese() ? issue.message_zh : issue.message;
}

int main() try {
  wdt::check_abi();
  const wdt::credentials who(from_env("WDT_SID", "wdtapi3"), from_env("WDT_APPKEY", "appkey"),
                             from_env("WDT_APPSECRET", "testsecret:testsalt"));
  // The documentation's example; what it leaves out comes back as warnings.
  const auto request = wdt::stock_sync::sync_fail(
      who, 2447,
      R"({"stock_syn_min":1.0000,"stock_syn_rule_id":-10000,"stock_syn_mask":0,)"
      R"("stock_syn_warehouses":"6","stock_syn_max":550.0000,"stock_syn_percent":100,)"
      R"("is_auto_delisting":true,"stock_syn_plus":1.0000,"is_auto_listing":true,)"
      R"("stock_syn_rule_no":"","syn_stock":1,"stock_change_count":2})",
      wdt::unix_now());
  std::cout << "POST " << request.url(from_env("WDT_BASE_URL", "https://erp.example")) << '\n'
            << "Content-Type: application/json\n\n" << request.body() << "\n\n";
  for (const auto &warning : request.warnings()) std::cout << "warning: " << shown(warning) << '\n';

  try {
    wdt::stock_sync::sync_fail(who, 2447, R"({"syn_stock":1.00001})", wdt::unix_now());
  } catch (const wdt::error &refused) {
    std::cout << "refused before it left: " << shown(refused.issues().front()) << '\n';
  }

  try {
    wdt::response::parse(R"({"status":1,"message":"验证失败"})");
  } catch (const wdt::api_error &error) {
    std::cout << "refused by the server: " << error.status() << ' ' << error.kind() << ": "
              << error.message() << '\n';
  }
  return 0;
} catch (const std::exception &error) {
  std::cerr << error.what() << '\n';
  return 1;
}
