import ts from 'typescript';

import { walk, type Source } from './source.ts';

/** The kinds of connection, as their `type` spells them. */
const kinds: readonly string[] = ['identityCenter', 'okta', 'oidc'];

/** Members that only some kinds of connection or session have. */
const membersOfKinds: readonly string[] = [
  'startUrl',
  'region',
  'registration',
  'endpoints',
  'issuer',
  'clientId',
  'server',
];

/** A place in the source that asks for the kind of a connection. */
export interface KindQuestion {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The places, a line each, that ask which kind of connection something is:
 * a comparison with the name of a kind, a `switch` or an index by a value whose type names kinds, a table with two kinds or
 * more as its keys, a list of kinds that is asked whether it includes something, `in` with a member that only some kinds have,
 * and the call of a function that narrows to a kind. Comparing two kinds with each other does not count.
 */
export function kindQuestions({ files, checker }: Source): KindQuestion[] {
  return [...files].flatMap(([path, file]) => {
    const lines = new Set<number>();
    walk(file, (node) => {
      if (asks(node, checker)) lines.add(file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1);
    });
    return [...lines].sort((a, b) => a - b).map((line) => ({ path, line }));
  });
}

function asks(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isBinaryExpression(node)) return asksByOperator(node, checker);
  if (ts.isSwitchStatement(node)) return isKind(node.expression, checker);
  if (ts.isElementAccessExpression(node)) {
    return !ts.isStringLiteral(node.argumentExpression) && isKind(node.argumentExpression, checker);
  }
  if (ts.isObjectLiteralExpression(node)) return isTable(node);
  if (ts.isCallExpression(node)) return isListAsked(node) || narrowsToKind(node, checker);
  return false;
}

const comparisons = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

function asksByOperator(
  { left, right, operatorToken }: ts.BinaryExpression,
  checker: ts.TypeChecker,
): boolean {
  if (comparisons.has(operatorToken.kind)) {
    return (
      (isKindName(left) && !hasOtherNames(right, checker)) ||
      (isKindName(right) && !hasOtherNames(left, checker))
    );
  }
  if (operatorToken.kind !== ts.SyntaxKind.InKeyword) return false;
  return ts.isStringLiteral(left) && membersOfKinds.includes(left.text);
}

function isKindName(node: ts.Node): boolean {
  return ts.isStringLiteral(node) && kinds.includes(node.text);
}

/**
 * Whether the type of an expression is the name of kinds and of nothing else, but for `undefined`. The inputs of the setup
 * checks are called `okta` and `identityCenter` too, beside `scimToken` and others: that is another question.
 */
function isKind(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  const members = type.isUnion() ? type.types : [type];
  return members.every((member) => member.isStringLiteral() && kinds.includes(member.value));
}

/** Whether the type of an expression has names beside those of kinds, as that of a setup guide: `kiro`. */
function hasOtherNames(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const type = checker.getTypeAtLocation(node);
  const members = type.isUnion() ? type.types : [type];
  return members.some((member) => member.isStringLiteral() && !kinds.includes(member.value));
}

function isTable({ properties }: ts.ObjectLiteralExpression): boolean {
  const keys = properties.flatMap(({ name }) =>
    name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [],
  );
  return kinds.filter((kind) => keys.includes(kind)).length > 1;
}

function isListAsked({ expression }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression) || !['includes', 'has'].includes(expression.name.text))
    return false;
  let hasKind = false;
  walk(expression.expression, (node) => {
    hasKind ||= isKindName(node);
  });
  return hasKind;
}

function narrowsToKind(node: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const signature = checker.getResolvedSignature(node);
  const narrowed = signature && checker.getTypePredicateOfSignature(signature)?.type;
  return narrowed !== undefined && kindOfMember(narrowed, checker);
}

/** Whether a type has a `type` that is the name of one kind. */
function kindOfMember(type: ts.Type, checker: ts.TypeChecker): boolean {
  const symbol = type.getProperty('type');
  if (symbol === undefined) return false;
  const own = checker.getTypeOfSymbol(symbol);
  return own.isStringLiteral() && kinds.includes(own.value);
}
