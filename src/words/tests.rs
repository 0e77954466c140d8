//! That all of it is there, is something, and is in its language.

use std::path::Path;

fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '가'..='힣')
}

/// What a language says, by file: everything between quotes, comments apart.
fn said(language: &str) -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/words").join(language);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let sentences = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code: Vec<_> = lines.collect();
        let code = code.join("\n").replace("\\\n", "").replace("\\\"", "\u{201d}");
        code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), sentences(path))).collect()
}

#[test]
fn korean_is_korean_and_english_has_none_of_it() {
    let (korean, english) = (said("ko"), said("en"));
    let names = |files: &[(String, Vec<String>)]| -> Vec<_> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&korean), names(&english));
    for (file, sentences) in &korean {
        assert!(!sentences.is_empty(), "{file}");
        for sentence in sentences {
            // What is only put together of values is the same in any language.
            let has_words =
                sentence.split(['{', '}']).step_by(2).any(|it| it.contains(char::is_alphabetic));
            assert!(
                !has_words || sentence.contains(is_hangul) || ALIKE.contains(&&**sentence),
                "{file}: {sentence}"
            );
        }
    }
    for (file, sentences) in &english {
        assert!(!sentences.is_empty(), "{file}");
        for sentence in sentences {
            assert!(!sentence.contains(is_hangul), "{file}: {sentence}");
        }
    }
    for (file, sentences) in korean.iter().chain(&english) {
        let is_full = |sentence: &String| !sentence.trim().is_empty();
        assert!(sentences.iter().all(is_full), "{file}: {sentences:?}");
    }
}

/// What is called the same in both.
const ALIKE: [&str; 0] = [];
