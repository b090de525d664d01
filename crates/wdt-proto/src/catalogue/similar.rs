//! Which documented name a misspelt one resembles.

use alloc::vec::Vec;

/// Longer names than this are not compared: the vendor's have at most 40 characters.
const MAX_LEN: usize = 64;

/// The name nearest to `key`: the same but for case and underscores, or at most two letters (a
/// third of a short name) off.
pub(crate) fn most_similar<'n>(key: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if key.is_empty() || key.len() > MAX_LEN {
        return None;
    }
    let key = plain(key);
    let allowed = (key.len() / 3).clamp(1, 2);
    names
        .filter(|name| name.len() <= MAX_LEN)
        .map(|name| (distance(&key, &plain(name)), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `apiGoodsId` and `api_goods_id` are the same to us.
fn plain(name: &str) -> Vec<char> {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// How many letters must be put in, taken out or changed (Levenshtein), row by row.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names() {
        let names = ["syn_stock", "syn_result", "is_manual"];
        let similar = |key| most_similar(key, names.into_iter());
        assert_eq!(similar("syn_stok"), Some("syn_stock"));
        assert_eq!(similar("synStock"), Some("syn_stock"));
        assert_eq!(similar("SYN_RESULTS"), Some("syn_result"));
        assert_eq!(similar("colour"), None);
        assert_eq!(similar(""), None);
        assert_eq!(similar(&"x".repeat(1 << 20)), None);
    }

    #[test]
    fn distances() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        for (a, b, expected) in
            [("", "", 0), ("", "ab", 2), ("kitten", "sitting", 3), ("库存", "库", 1)]
        {
            assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} {b}");
        }
    }
}
