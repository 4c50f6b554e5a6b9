#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "storage/rows.h"
#include "tasks/tasks.h"

namespace sealdesk::tasks {

using storage::Database;
using storage::Tx;

namespace {

template <class... Uses>
std::vector<Task> select(Tx& tx, const std::string& condition, const Uses&... uses) {
    std::vector<Task> list;
    Task t;
    storage::for_each_row(
        tx,
        "SELECT t.id, t.kind, t.order_no, t.key_serial, t.sentence, t.created_at, t.done_at, " + staff::person_in("t.done_by") +
            ", t.note FROM tasks t " + condition,
        std::tie(t.id, t.kind, t.order_no, t.key_serial, t.sentence, t.created_at.ms, t.done_at.ms, t.done_by, t.note),
        [&] { list.push_back(t); }, uses...);
    return list;
}

void close(Tx& tx, const std::string& by, const Task& task, const std::string& note) {
    storage::change(tx, "UPDATE tasks SET done_at = :now, done_by = :by, note = :note WHERE id = :id", tx.now.ms, by, note,
                    task.id);
    audit::append(tx, by, "task.done", task.order_no.empty() ? task.key_serial : task.order_no,
                  nlohmann::json{{"kind", task.kind}, {"note", note}}.dump());
}

}  // namespace

bool is_open(Tx& tx, const std::string& kind, const std::string& order_no, const std::string& key_serial) {
    return !select(tx, "WHERE kind = :kind AND order_no = :order AND key_serial = :key AND done_at = 0", kind, order_no,
                   key_serial)
                .empty();
}

bool raise(Tx& tx, const std::string& kind, const std::string& order_no, const std::string& key_serial,
           const std::string& sentence) {
    if (is_open(tx, kind, order_no, key_serial)) return false;
    storage::change(tx,
                    "INSERT INTO tasks (kind, order_no, key_serial, sentence, created_at) "
                    "VALUES (:kind, :order, :key, :sentence, :now)",
                    kind, order_no, key_serial, sentence, tx.now.ms);
    audit::append(tx, "desk", "task.raise", order_no.empty() ? key_serial : order_no, nlohmann::json{{"kind", kind}}.dump());
    return true;
}

void settle(Tx& tx, const std::string& by, const std::string& kind, const std::string& order_no, const std::string& key_serial,
            const std::string& note) {
    for (const auto& task : select(tx, "WHERE kind = :kind AND done_at = 0 ORDER BY id", kind))
        if ((order_no.empty() || task.order_no == order_no) && (key_serial.empty() || task.key_serial == key_serial))
            close(tx, by, task, note);
}

Result<std::vector<Task>> open(Database& database) {
    return database.read([](Tx& tx) -> Result<std::vector<Task>> { return select(tx, "WHERE done_at = 0 ORDER BY id"); });
}

Result<std::vector<Task>> of_order(Database& database, const std::string& order_no) {
    return database.read(
        [&](Tx& tx) -> Result<std::vector<Task>> { return select(tx, "WHERE order_no = :order ORDER BY id", order_no); });
}

Result<> done(Database& database, const staff::Actor& actor, std::int64_t id, const std::string& note) {
    SEALDESK_TRY(staff::require(actor, staff::Role::supervisor));
    const std::string how = trimmed(note);
    if (how.empty()) return refused(tr("请写明是怎样处理的"));
    return database.write([&](Tx& tx) -> Result<> {
        const auto found = select(tx, "WHERE id = :id", id);
        if (found.empty()) return refused(tr("没有这件待办"));
        if (found.front().done_at)
            return fail(ErrorKind::conflict, trf("这件事 {} 已在 {} 处理过：{}", found.front().done_by,
                                                 date_time(found.front().done_at), found.front().note));
        close(tx, actor.login, found.front(), how);
        return {};
    });
}

}  // namespace sealdesk::tasks
