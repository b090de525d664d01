//! What the server would say about the arguments once the signature is right.

use wdt_proto::{IssueCode, Language, Report};

use crate::code::{Basis, MistakeCode};
use crate::words::{Words, say};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WrongArguments {
    NotAnArray,
    Errors { count: u64 },
}

impl WrongArguments {
    pub(crate) fn of(report: &Report) -> Option<Self> {
        if report.is_ok() {
            return None;
        }
        if report.issues().iter().any(|issue| issue.code() == IssueCode::NotAnArray) {
            return Some(Self::NotAnArray);
        }
        Some(Self::Errors { count: report.errors() })
    }
}

impl Words for WrongArguments {
    fn code(&self) -> MistakeCode {
        match self {
            Self::NotAnArray => MistakeCode::ArgumentsObject,
            Self::Errors { .. } => MistakeCode::Arguments,
        }
    }

    fn basis(&self) -> Basis {
        Basis::Seen
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::NotAnArray => say!(
                language,
                "the body is not an array: the arguments go by position, not by name",
                "请求体不是数组：业务参数按位置传，不按参数名传"
            ),
            Self::Errors { count: 1 } => say!(
                language,
                "the arguments have 1 error, listed below",
                "业务参数有 1 处错误，见下面的列表"
            ),
            Self::Errors { count } => say!(
                language,
                "the arguments have {count} errors, listed below",
                "业务参数有 {count} 处错误，见下面的列表"
            ),
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::NotAnArray => say!(
                language,
                "send a JSON array of the method's arguments, in order: [apiGoodsId, info]",
                "把业务参数按顺序放进 JSON 数组：[apiGoodsId, info]"
            ),
            Self::Errors { .. } => say!(
                language,
                "mend the fields that the pointers name; `wdt methods NAME` shows what they must be",
                "按列表里的位置修改字段；`wdt methods 接口名` 可查看字段要求"
            ),
        }
    }
}
