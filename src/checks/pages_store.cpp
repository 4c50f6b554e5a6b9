#include "checks/pages_store.h"

#include <cmath>
#include <set>

#include "storage/rows.h"

namespace sealdesk::checks {

using storage::Tx;

namespace {

constexpr double kMillion = 1e6;
std::int64_t millionths(double share) { return std::llround(share * kMillion); }
double share_of(std::int64_t stored) { return static_cast<double>(stored) / kMillion; }

void keep_facts(Tx& tx, const Paper& paper) {
    const auto& facts = *paper.facts;
    const auto there =
        storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM page_facts WHERE file_sha256 = :file AND page = :page", 0,
                                   paper.file_sha256, paper.page_in_file);
    if (there > 0) return;
    const std::string orientation = name_of(facts.orientation);
    const StampSeen stamp = facts.stamp.value_or(StampSeen{});
    storage::change(
        tx,
        "INSERT INTO page_facts (file_sha256, page, picture_sha256, perceptual, width, height, dpi, ink, sharpness, red, "
        "orientation, stamp_x, stamp_y, stamp_across, stamp_ring, looked_at) VALUES (:file, :page, :picture, :perceptual, "
        ":width, "
        ":height, :dpi, :ink, :sharpness, :red, :orientation, :x, :y, :across, :ring, :at)",
        paper.file_sha256, paper.page_in_file, facts.sha256, facts.perceptual, facts.width, facts.height, facts.dpi,
        millionths(facts.ink), millionths(facts.sharpness), millionths(facts.red), orientation, millionths(stamp.x),
        millionths(stamp.y), millionths(stamp.across), millionths(stamp.ring), tx.now.ms);
}

}  // namespace

FileFacts known_facts(Tx& tx, const std::vector<std::string>& files) {
    FileFacts known;
    for (const auto& file : std::set<std::string>(files.begin(), files.end())) {
        int page = 0;
        PageFacts facts;
        std::string orientation;
        std::int64_t ink = 0, sharpness = 0, red = 0, x = 0, y = 0, across = 0, ring = 0;
        storage::for_each_row(
            tx,
            "SELECT page, picture_sha256, perceptual, width, height, dpi, ink, sharpness, red, orientation, stamp_x, stamp_y, "
            "stamp_across, stamp_ring FROM page_facts WHERE file_sha256 = :file",
            std::tie(page, facts.sha256, facts.perceptual, facts.width, facts.height, facts.dpi, ink, sharpness, red, orientation,
                     x, y, across, ring),
            [&] {
                facts.ink = share_of(ink);
                facts.sharpness = share_of(sharpness);
                facts.red = share_of(red);
                facts.orientation = orientation_from(orientation);
                facts.stamp.reset();
                if (ring > 0) facts.stamp = StampSeen{share_of(x), share_of(y), share_of(across), share_of(ring)};
                known[{file, page}] = facts;
            },
            file);
    }
    return known;
}

void keep_pages(Tx& tx, const std::string& order_no, int revision, const std::vector<Paper>& pages) {
    storage::change(tx, "DELETE FROM order_pages WHERE order_no = :no AND revision = :revision", order_no, revision);
    for (const auto& paper : pages) {
        storage::change(tx,
                        "INSERT INTO order_pages (order_no, revision, number, file_sha256, page, title, material) VALUES (:no, "
                        ":revision, :number, :file, :page, :title, :material)",
                        order_no, revision, paper.number, paper.file_sha256, paper.page_in_file, paper.title, paper.material);
        if (paper.facts) keep_facts(tx, paper);
    }
}

std::vector<SeenBefore> seen_before(Tx& tx, const orders::Order& order, const std::string& picture_sha256) {
    const auto& mine = order.subject;
    std::vector<SeenBefore> found;
    SeenBefore each;
    storage::for_each_row(
        tx,
        "SELECT DISTINCT o.no, o.subject_name FROM page_facts f JOIN order_pages p ON p.file_sha256 = f.file_sha256 AND p.page = "
        "f.page JOIN orders o ON o.no = p.order_no WHERE f.picture_sha256 = :picture AND o.document_number <> :document AND "
        "o.payment_no <> :payment AND o.mobile <> :mobile AND o.enterprise <> :name AND o.subject_name <> :enterprise AND "
        "(o.enterprise = '' OR o.enterprise <> :enterprise2) ORDER BY o.no LIMIT 3",
        std::tie(each.order_no, each.subject_name), [&] { found.push_back(each); }, picture_sha256, mine.document_number,
        order.payment.no, mine.mobile, mine.name, mine.enterprise, mine.enterprise);
    return found;
}

std::optional<std::string> known_text(Tx& tx, const std::string& picture_sha256, const std::string& engine) {
    std::optional<std::string> text;
    std::string row;
    storage::for_each_row(
        tx, "SELECT text FROM page_texts WHERE picture_sha256 = :picture AND engine = :engine", std::tie(row),
        [&] { text = row; }, picture_sha256, engine);
    return text;
}

void keep_text(Tx& tx, const std::string& picture_sha256, const std::string& engine, const std::string& text) {
    if (storage::change(tx, "UPDATE page_texts SET engine = :engine, text = :text, read_at = :at WHERE picture_sha256 = :picture",
                        engine, text, tx.now.ms, picture_sha256) == 0)
        storage::change(tx,
                        "INSERT INTO page_texts (picture_sha256, engine, text, read_at) VALUES (:picture, :engine, :text, :at)",
                        picture_sha256, engine, text, tx.now.ms);
}

}  // namespace sealdesk::checks
